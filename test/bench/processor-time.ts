import { readFile } from "node:fs/promises";

/** Milliseconds of a clock tick, in which Linux tells a program processor time. */
const tickMs = 10;

/** Where user and system time stand in /proc/PID/stat, counted from behind the name, which may hold anything. */
const [userField, systemField] = [11, 12];

/** Processor time that a process has used so far, all its threads, in milliseconds. */
export async function processorMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[userField]) + Number(fields[systemField])) * tickMs;
}
