/** A reader thread: it answers one job after the other, on a connection of its own that can only read. */
import { parentPort, workerData } from "node:worker_threads";
import { ContentError, throwIfCancelled } from "../../../content/errors.ts";
import { openReader } from "../database/database.ts";
import type { Answer, Job } from "./job.ts";
import { createKeptLists } from "./kept-lists.ts";
import { listPage } from "./list-page.ts";

const view = openReader(workerData as string);
const lists = createKeptLists();

function answer({ id, query, cancel }: Job): Answer {
  const flag = new Int32Array(cancel);
  const check = (): void => {
    if (Atomics.load(flag, 0) === 1) throwIfCancelled(AbortSignal.abort());
  };
  view.exec("BEGIN");
  try {
    check();
    return { id, page: listPage(view, lists, query, check) };
  } catch (error) {
    if (error instanceof ContentError) return { id, refused: { kind: error.kind, message: error.message } };
    return { id, failed: error instanceof Error ? error : new Error(String(error)) };
  } finally {
    view.exec("ROLLBACK");
  }
}

parentPort?.on("message", (job: Job) => parentPort?.postMessage(answer(job)));
