/** A reader thread: it does one job after the other, on a connection of its own that can only read. */
import type { Transferable } from "node:worker_threads";
import { parentPort, workerData } from "node:worker_threads";
import { ContentError, throwIfCancelled } from "../../../content/errors.ts";
import { parseDocument } from "../catalog/document.ts";
import { weighLeases } from "../catalog/weigh.ts";
import { openReader } from "../database/database.ts";
import { readInventory } from "../inventory.ts";
import { countSelected } from "./count-selected.ts";
import type { Answer, Job, Tasks, ThreadData } from "./job.ts";
import { createKeptLists } from "./kept-lists.ts";
import { listPage } from "./list-page.ts";
import { createPieceReader } from "./read-piece.ts";
import { beginView } from "./shared-sequence.ts";

const { path, sequence } = workerData as ThreadData;
const view = openReader(path);
const lists = createKeptLists();
const readPiece = createPieceReader(view);

function perform(job: Job): Answer {
  const flag = new Int32Array(job.cancel);
  const check = (): void => {
    if (Atomics.load(flag, 0) === 1) throwIfCancelled(AbortSignal.abort());
  };
  let begun = false;
  try {
    const moment = beginView(view, sequence, check);
    begun = true;
    return { answer: answer(job, moment, check) };
  } catch (error) {
    if (error instanceof ContentError) return { refused: { kind: error.kind, message: error.message } };
    return { failed: error instanceof Error ? error : new Error(String(error)) };
  } finally {
    if (begun) view.exec("ROLLBACK");
  }
}

function answer(job: Job, moment: number, check: () => void): Tasks[keyof Tasks]["answer"] {
  switch (job.task) {
    case "page":
      return listPage(view, lists, job.query, check);
    case "piece":
      return { sequence: moment, ...readPiece(job.query, check) };
    case "count":
      return { sequence: moment, totals: countSelected(view, job.query, check) };
    case "document":
      return parseDocument(job.query.bytes, job.query.kind);
    case "weigh":
      return weighLeases(view, job.query.nowMs, check);
    case "inventory":
      return readInventory(view, job.query.namespaces);
  }
}

/** What is handed over instead of being copied. */
function handedOver(answered: Answer): Transferable[] {
  const encoded = "answer" in answered && "encoded" in answered.answer ? answered.answer.encoded : undefined;
  return encoded === undefined ? [] : [encoded.buffer];
}

parentPort?.on("message", (job: Job) => {
  const answered = perform(job);
  parentPort?.postMessage(answered, handedOver(answered));
});
