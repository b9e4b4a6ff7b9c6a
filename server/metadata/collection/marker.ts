import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { cancelled, throwIfCancelled } from "../../../content/errors.ts";
import type { UnmarkedPage } from "./mark.ts";

const entry = join(import.meta.dirname, "thread.ts");

/** Milliseconds that a thread waits for the next question before it ends. */
const idleMs = 10_000;

/** What the thread is asked; one question at a time. */
export type Question =
  | { readonly kind: "start" }
  | { readonly kind: "checkpoint" }
  | { readonly kind: "mark"; readonly namespace: string; readonly nowMs: number }
  | { readonly kind: "blobs"; readonly after: string; readonly looked: number };

/** What it answers. */
export type Answer = { readonly images: readonly string[] } | UnmarkedPage;

/** Marks beside the event loop, on a thread that ends when it is not asked any more. Ask one thing after the other. */
export interface Marker extends AsyncDisposable {
  /** Settled once the thread is there. @throws `cancelled` */
  start(signal: AbortSignal | undefined): Promise<void>;
  /** Mark a namespace as it is now, or later. @returns expired images that nothing leads to @throws `cancelled` */
  mark(namespace: string, nowMs: number, signal: AbortSignal | undefined): Promise<readonly string[]>;
  /** Bring what was written home, so that no transaction of the event loop has to. @throws `cancelled` */
  checkpoint(signal: AbortSignal | undefined): Promise<void>;
  /** A page of the blobs of that namespace that nothing leads to; see Unmarked.blobs. @throws `cancelled` */
  blobs(after: string, looked: number, signal: AbortSignal | undefined): Promise<UnmarkedPage>;
}

/** @param path of the database; the thread is started when there is a first question */
export function createMarker(path: string): Marker {
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;

  async function stop(): Promise<void> {
    clearTimeout(idle);
    const stopped = worker;
    worker = undefined;
    await stopped?.terminate();
  }

  async function ask(question: Question, signal: AbortSignal | undefined): Promise<Answer> {
    throwIfCancelled(signal);
    clearTimeout(idle);
    worker ??= start(path);
    try {
      return await answerOf(worker, question, signal);
    } catch (error) {
      // Its late answer would be taken for that of the next question.
      await stop();
      throw error;
    } finally {
      idle = setTimeout(() => void stop(), idleMs);
      idle.unref();
    }
  }

  return {
    async start(signal) {
      await ask({ kind: "start" }, signal);
    },
    async mark(namespace, nowMs, signal) {
      const answer = await ask({ kind: "mark", namespace, nowMs }, signal);
      return "images" in answer ? answer.images : [];
    },
    async checkpoint(signal) {
      await ask({ kind: "checkpoint" }, signal);
    },
    async blobs(after, looked, signal) {
      const answer = await ask({ kind: "blobs", after, looked }, signal);
      return "digests" in answer ? answer : { digests: [] };
    },
    [Symbol.asyncDispose]: stop,
  };
}

function start(path: string): Worker {
  const worker = new Worker(entry, { workerData: path });
  worker.unref();
  // One that dies while nobody asks is found out by the next question.
  worker.on("error", () => undefined);
  return worker;
}

async function answerOf(worker: Worker, question: Question, signal: AbortSignal | undefined): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const onAbort = (): void => reject(cancelled());
  const onExit = (): void => reject(new Error("the thread of the collection ended"));
  signal?.addEventListener("abort", onAbort, { once: true });
  worker.once("message", resolve).once("error", reject).once("exit", onExit);
  worker.postMessage(question);
  try {
    return await promise;
  } finally {
    signal?.removeEventListener("abort", onAbort);
    worker.off("message", resolve).off("error", reject).off("exit", onExit);
  }
}
