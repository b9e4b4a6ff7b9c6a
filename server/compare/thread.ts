/** The thread of a report: it answers one question after the other. */
import { parentPort, workerData } from "node:worker_threads";
import type { Answer, Job, Tasks } from "./report-job.ts";
import { createReportTables } from "./report-tables.ts";

const tables = createReportTables(String(workerData));

/** SQLITE_FULL. */
const diskFull = 13;

function answerOf<K extends keyof Tasks>(task: K, question: Tasks[K]["question"]): Answer {
  try {
    return { answer: tables.run[task](question) };
  } catch (error) {
    const failed = error instanceof Error ? error : new Error(String(error));
    return { failed, isFull: "errcode" in failed && failed.errcode === diskFull };
  }
}

parentPort?.on("message", ({ task, question }: Job) => parentPort?.postMessage(answerOf(task, question)));
