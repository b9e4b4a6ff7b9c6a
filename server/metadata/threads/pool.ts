import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { ErrorKind } from "../../../content/errors.ts";
import { ContentError, cancelled, throwIfCancelled } from "../../../content/errors.ts";
import type { Answer, Job, PageQuery, StoredPage } from "./job.ts";

/** Threads, at most: what they read is in the page cache, and other work needs the other cores. */
const maxThreads = 2;

/** Queries of one caller that run or wait. */
const maxOfCaller = 8;

/** Queries of all callers that run or wait. */
const maxQueries = 256;

const entry = join(import.meta.dirname, "thread.ts");

/** Runs what may take longer than a turn of the event loop may. */
export interface ReaderThreads extends AsyncDisposable {
  /**
   * One page of a sorted set.
   *
   * @param caller whose quota it is
   * @param signal the thread stops when it aborts, and answers the next
   * @throws `resource-exhausted` when the caller, or everybody together, has too many queries; `cancelled`; what
   * compileSelection throws
   */
  page(query: PageQuery, caller: string, signal?: AbortSignal): Promise<StoredPage>;
}

/** A query that runs or waits. */
interface Pending {
  readonly job: Job;
  readonly resolve: (page: StoredPage) => void;
  readonly reject: (error: unknown) => void;
}

/** @param path the database; threads are started when there is a first query */
export function createReaderThreads(path: string): ReaderThreads {
  const waiting: Pending[] = [];
  const busy = new Map<Worker, Pending>();
  const idle: Worker[] = [];
  const ofCaller = new Map<string, number>();
  let queries = 0;
  let ids = 0;

  function start(): Worker {
    const worker = new Worker(entry, { workerData: path });
    worker.unref();
    worker.on("message", (answer: Answer) => {
      const pending = busy.get(worker);
      busy.delete(worker);
      idle.push(worker);
      if (pending !== undefined) settle(pending, answer);
      next();
    });
    // A thread that dies takes its query with it, and no other one.
    worker.on("error", (error) => {
      busy.get(worker)?.reject(error);
      busy.delete(worker);
      next();
    });
    return worker;
  }

  function next(): void {
    if (waiting.length === 0) return;
    const worker = idle.pop() ?? (busy.size < maxThreads ? start() : undefined);
    const pending = worker && waiting.shift();
    if (worker === undefined || pending === undefined) return;
    busy.set(worker, pending);
    worker.postMessage(pending.job);
  }

  function admit(caller: string): void {
    const own = ofCaller.get(caller) ?? 0;
    if (own >= maxOfCaller || queries >= maxQueries) {
      throw new ContentError("resource-exhausted", "too many queries at once; wait for one to end");
    }
    queries += 1;
    ofCaller.set(caller, own + 1);
  }

  function leave(caller: string): void {
    queries -= 1;
    const own = (ofCaller.get(caller) ?? 1) - 1;
    if (own === 0) ofCaller.delete(caller);
    else ofCaller.set(caller, own);
  }

  return {
    async page(query, caller, signal) {
      throwIfCancelled(signal);
      admit(caller);
      const cancel = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
      const { promise, resolve, reject } = Promise.withResolvers<StoredPage>();
      const onAbort = (): void => {
        Atomics.store(new Int32Array(cancel), 0, 1);
        reject(cancelled());
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      ids += 1;
      waiting.push({ job: { id: ids, query, cancel }, resolve, reject });
      next();
      try {
        return await promise;
      } finally {
        signal?.removeEventListener("abort", onAbort);
        leave(caller);
      }
    },
    async [Symbol.asyncDispose]() {
      for (const { reject } of [...waiting.splice(0), ...busy.values()]) reject(cancelled());
      await Promise.all([...idle, ...busy.keys()].map((worker) => worker.terminate()));
    },
  };
}

function settle({ resolve, reject }: Pending, answer: Answer): void {
  if ("page" in answer) resolve(answer.page);
  else if ("refused" in answer) reject(new ContentError(answer.refused.kind as ErrorKind, answer.refused.message));
  else reject(answer.failed);
}
