import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { ErrorKind } from "../../../content/errors.ts";
import { ContentError, cancelled, throwIfCancelled } from "../../../content/errors.ts";
import type { Answer, Job, JobOf, Tasks, ThreadData } from "./job.ts";

const entry = join(import.meta.dirname, "thread.ts");

/** Some threads, and who waits for one: the first first. */
export interface Lane extends AsyncDisposable {
  /**
   * Run a task on the next thread that is free.
   *
   * @param signal the thread stops when it aborts, and does the next
   * @throws `cancelled`; what the task throws
   */
  run<K extends keyof Tasks>(task: K, query: Tasks[K]["query"], signal?: AbortSignal): Promise<Tasks[K]["answer"]>;
}

/** A job that runs or waits. */
interface Pending {
  readonly job: Job;
  readonly resolve: (answer: Tasks[keyof Tasks]["answer"]) => void;
  readonly reject: (error: unknown) => void;
}

/** @param threads at most; they are started when there is something to do */
export function createLane(data: ThreadData, threads: number): Lane {
  const waiting: Pending[] = [];
  const busy = new Map<Worker, Pending>();
  const idle: Worker[] = [];
  let closed = false;

  function start(): Worker {
    const worker = new Worker(entry, { workerData: data });
    worker.unref();
    worker.on("message", (answer: Answer) => {
      const pending = busy.get(worker);
      busy.delete(worker);
      idle.push(worker);
      if (pending !== undefined) settle(pending, answer);
      next();
    });
    // A thread that dies takes its job with it, and no other one.
    worker.on("error", (error) => {
      busy.get(worker)?.reject(error);
      busy.delete(worker);
      next();
    });
    return worker;
  }

  function next(): void {
    if (waiting.length === 0) return;
    const worker = idle.pop() ?? (busy.size < threads ? start() : undefined);
    const pending = worker && waiting.shift();
    if (worker === undefined || pending === undefined) return;
    busy.set(worker, pending);
    worker.postMessage(pending.job);
  }

  return {
    async run<K extends keyof Tasks>(task: K, query: Tasks[K]["query"], signal?: AbortSignal) {
      throwIfCancelled(signal);
      if (closed) throw cancelled();
      const cancel = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
      const { promise, resolve, reject } = Promise.withResolvers<Tasks[keyof Tasks]["answer"]>();
      const job: JobOf<K> = { task, query, cancel };
      const pending: Pending = { job: job as Job, resolve, reject };
      const onAbort = (): void => {
        Atomics.store(new Int32Array(cancel), 0, 1);
        const place = waiting.indexOf(pending);
        if (place >= 0) waiting.splice(place, 1);
        reject(cancelled());
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      waiting.push(pending);
      next();
      try {
        return (await promise) as Tasks[K]["answer"];
      } finally {
        signal?.removeEventListener("abort", onAbort);
      }
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      for (const { reject } of [...waiting.splice(0), ...busy.values()]) reject(cancelled());
      await Promise.all([...idle, ...busy.keys()].map((worker) => worker.terminate()));
    },
  };
}

function settle({ resolve, reject }: Pending, answer: Answer): void {
  if ("answer" in answer) resolve(answer.answer);
  else if ("refused" in answer) reject(new ContentError(answer.refused.kind as ErrorKind, answer.refused.message));
  else reject(answer.failed);
}
