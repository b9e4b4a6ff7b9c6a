/**
 * The thread of a collection: it marks one namespace after the other, on a connection of its own that can only read, and brings
 * home what the sweep wrote.
 */
import { parentPort, workerData } from "node:worker_threads";
import { openCheckpointer, openReader } from "../database/database.ts";
import type { Unmarked } from "./mark.ts";
import { mark } from "./mark.ts";
import type { Answer, Question } from "./marker.ts";

const view = openReader(workerData as string);
const checkpoint = openCheckpointer(workerData as string);
let unmarked: Unmarked | undefined;

function answer(question: Question): Answer {
  if (question.kind === "checkpoint") checkpoint();
  if (question.kind === "start" || question.kind === "checkpoint") return { images: [] };
  if (question.kind === "blobs") return unmarked?.blobs(question.after, question.looked) ?? { digests: [] };
  view.exec("BEGIN");
  try {
    unmarked = mark(view, question.namespace, question.nowMs);
    return { images: unmarked.images };
  } finally {
    view.exec("ROLLBACK");
  }
}

parentPort?.on("message", (question: Question) => parentPort?.postMessage(answer(question)));
