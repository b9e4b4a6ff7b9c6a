import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { ContentError, cancelled } from "../../content/errors.ts";
import type { Answer, Task, Tasks } from "./report-job.ts";

const entry = join(import.meta.dirname, "thread.ts");

/** The rows of a report, in a file that goes with it. Whoever disposes of it ends what is under way. */
export interface ReportFile extends AsyncDisposable {
  /**
   * Ask it, beside the event loop; answers come in the order of the questions.
   *
   * @throws `cancelled` once it is disposed of; `resource-exhausted` where the disk has no room for it
   */
  ask<K extends Task>(task: K, question: Tasks[K]["question"]): Promise<Tasks[K]["answer"]>;
}

/** Who waits for an answer. */
interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Make a report's file, with a thread of its own: one that is large keeps no other one waiting. @param path of no file that is there */
export function createReportFile(path: string): ReportFile {
  const worker = new Worker(entry, { workerData: path });
  worker.unref();
  const waiting: Waiting[] = [];
  let ended: unknown;

  function end(error: unknown): void {
    ended ??= error;
    for (const { reject } of waiting.splice(0)) reject(ended);
  }

  worker.on("message", (answer: Answer) => {
    const next = waiting.shift();
    if ("failed" in answer) next?.reject(failureOf(answer));
    else next?.resolve(answer.answer);
  });
  worker.on("error", end);

  return {
    async ask<K extends Task>(task: K, question: Tasks[K]["question"]) {
      if (ended !== undefined) throw ended;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      waiting.push({ resolve, reject });
      worker.postMessage({ task, question });
      return (await promise) as Tasks[K]["answer"];
    },
    async [Symbol.asyncDispose]() {
      end(cancelled());
      await worker.terminate();
      await rm(path, { force: true });
    },
  };
}

function failureOf({ failed, isFull }: Extract<Answer, { readonly failed: Error }>): Error {
  return isFull ? new ContentError("resource-exhausted", "no space left for the report", { cause: failed }) : failed;
}
