import { readdir, readFile, statfs } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Family, Sample } from "./family.ts";

/** Families that every process of Node has by these names, so that dashboards know them, and those of the disk. */
export async function processFamilies(root: string): Promise<readonly Family[]> {
  const [lagSeconds, limits, status, descriptors, disk] = await Promise.all([
    measureLag(),
    readProc("limits"),
    readProc("status"),
    readdir("/proc/self/fd").catch(() => undefined),
    statfs(root),
  ]);
  const { user, system } = process.cpuUsage();
  const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
  const anonymousKib = numberIn(status, /^RssAnon:\s+(?<number>\d+) kB$/m);
  return [
    one("process_cpu_seconds", "counter", "Time of processors that the process took.", (user + system) / 1e6),
    one("process_resident_memory_bytes", "gauge", "Memory of the process, the mapped database among it.", rss),
    one(
      "stowage_anonymous_memory_bytes",
      "gauge",
      "Memory of the process that no file stands behind.",
      anonymousKib && anonymousKib * 1024,
    ),
    one("process_start_time_seconds", "gauge", "When the process began, since 1970.", performance.timeOrigin / 1000),
    // Reading the folder opened one.
    one("process_open_fds", "gauge", "Open file descriptors.", descriptors && descriptors.length - 1),
    one(
      "process_max_fds",
      "gauge",
      "File descriptors that may be open.",
      numberIn(limits, /^Max open files\s+(?<number>\d+)/m),
    ),
    one("nodejs_heap_size_total_bytes", "gauge", "JavaScript's heap.", heapTotal),
    one("nodejs_heap_size_used_bytes", "gauge", "What of JavaScript's heap is in use.", heapUsed),
    one("nodejs_external_memory_bytes", "gauge", "Memory of buffers and of what else JavaScript holds.", external),
    one("nodejs_eventloop_lag_seconds", "gauge", "How late the event loop came back to this answer.", lagSeconds),
    one(
      "stowage_event_loop_busy_seconds",
      "counter",
      "Time that the event loop was not idle.",
      performance.eventLoopUtilization().active / 1000,
    ),
    one(
      "stowage_data_free_bytes",
      "gauge",
      "Bytes that the disk of the data directory has left.",
      disk.bavail * disk.bsize,
    ),
    one("stowage_data_size_bytes", "gauge", "Bytes of the disk of the data directory.", disk.blocks * disk.bsize),
  ];
}

/** @param value absent: this system does not tell */
function one(name: string, type: Family["type"], help: string, value: number | undefined): Family {
  const samples: readonly Sample[] = value === undefined ? [] : [{ value }];
  return { name, type, help, samples };
}

/** Seconds until what is due at once is done. */
async function measureLag(): Promise<number> {
  const began = performance.now();
  await nextTurn();
  return (performance.now() - began) / 1000;
}

/** What Linux tells of this process; empty elsewhere. */
async function readProc(name: string): Promise<string> {
  return await readFile(`/proc/self/${name}`, "utf8").catch(() => "");
}

function numberIn(text: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(text)?.groups?.["number"];
  return found === undefined ? undefined : Number(found);
}
