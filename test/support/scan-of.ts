import { microsOf } from "../../content/instant.ts";
import type { Store } from "../../content/store.ts";
import { createRowEncoder } from "../../content/wire/row-encoder.ts";
import type { BlobRow } from "../../server/feed/change.ts";
import type { Metadata } from "../../server/metadata/metadata.ts";

/** Rows of one piece. */
const pieceRows = 100;

/** Metadata.scan over a bare store, whose blobs are all in the namespace that is asked for; in the order of the store. */
export function scanOf(store: Store): Metadata["scan"] {
  return async function* scan({ selection }, form, signal) {
    const namespace = selection.namespaces[0] ?? "";
    let rows: BlobRow[] = [];
    for await (const info of store.walk([], signal)) {
      const row = { namespace, info };
      if (selection.selectsBlob(row)) rows.push(row);
      if (rows.length < pieceRows) continue;
      yield pieceOf(rows, form);
      rows = [];
    }
    yield pieceOf(rows, form);
  };
}

/** A piece in a form, of no moment in particular. */
export function pieceOf(rows: readonly BlobRow[], form: Parameters<Metadata["scan"]>[1], sequence = 0) {
  const last = rows.at(-1);
  if (form === "rows" || rows.length === 0) return { rows, last, sequence };
  const encoder = createRowEncoder();
  for (const { namespace, info } of rows) {
    const { digest, size, createdAt, updatedAt, labels } = info;
    const times = { createdMicros: microsOf(createdAt), updatedMicros: microsOf(updatedAt) };
    const row = { namespace, digest, size, ...times, labels };
    if (form === "items") encoder.addItem(row);
    else encoder.addInfo(row);
  }
  return { rows: [], encoded: encoder.take(), last, sequence };
}
