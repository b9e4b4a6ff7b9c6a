import { LRUCache } from "lru-cache";
import { createRowEncoder } from "../../../content/wire/row-encoder.ts";
import { compileAsked } from "../../feed/selection.ts";
import { readIds } from "../blob-pages.ts";
import { blobFromColumns } from "../blobs.ts";
import type { Connection } from "../database/connection.ts";
import type { PageKey, Piece, PieceQuery } from "./job.ts";
import { conditionsOf, idsWithTexts } from "./required-texts.ts";
import { createRowReader } from "./row-reader.ts";
import type { ScannedBlob } from "./scanned-blob.ts";

/** Where a piece ends: selected rows, their bytes, and milliseconds that it took. */
const pieceEnd = { rows: 500, bytes: 1024 * 1024, ms: 30 } as const;

/** Rows whose ids are looked up at once; more where SQLite leaves out most of them. */
const idsAtOnce = { all: 500, withTexts: 4000 } as const;

/** Selections that stay compiled: those of scans that take turns. */
const keptSelections = 32;

/** Reads pieces of scans, each of the moment of the view. @returns what a thread answers, without its moment */
export function createPieceReader(view: Connection) {
  const selections = new LRUCache<string, ReturnType<typeof compileAsked>>({ max: keptSelections });
  const encoder = createRowEncoder();
  const readRow = createRowReader(view);

  function compile(asked: PieceQuery["asked"]): ReturnType<typeof compileAsked> {
    const name = JSON.stringify(asked);
    const known = selections.get(name) ?? compileAsked(asked);
    selections.set(name, known);
    return known;
  }

  return (query: PieceQuery, check: () => void): Omit<Piece, "sequence"> => {
    const { whole, selectsBlob, namespaces, texts } = compile(query.asked);
    const conditions = conditionsOf(texts);
    const atOnce = conditions.length > 0 ? idsAtOnce.withTexts : idsAtOnce.all;
    const collector = createCollector(query.form, encoder);
    const endsAt = performance.now() + pieceEnd.ms;
    let { after, including } = query;
    for (;;) {
      check();
      const ids = readIds(
        view,
        namespaces,
        query.order,
        after && blobFromColumns({ ...after, labels: "{}" }),
        including,
        atOnce,
      );
      const likely = conditions.length > 0 ? idsWithTexts(view, ids, conditions) : undefined;
      const last = ids.at(-1);
      for (const id of ids) {
        if (likely?.has(id) === false && id !== last) continue;
        const row = readRow(id);
        after = row.key;
        if (whole || selectsBlob(row)) collector.add(row);
        if (collector.isFull() || performance.now() >= endsAt) return collector.take(after, true);
      }
      if (ids.length < atOnce) return collector.take(after, false);
      including = false;
    }
  };
}

/** The selected rows of one piece, in the form that was asked for. */
function createCollector(form: PieceQuery["form"], encoder: ReturnType<typeof createRowEncoder>) {
  const rows: ReturnType<ScannedBlob["stored"]>[] = [];
  let count = 0;
  let bytes = 0;
  encoder.take();

  return {
    add(row: ScannedBlob): void {
      count += 1;
      if (form === "rows") {
        const stored = row.stored();
        bytes += stored.labels.length;
        rows.push(stored);
        return;
      }
      if (form === "items") encoder.addItem(row.encodable);
      else encoder.addInfo(row.encodable);
      bytes = encoder.length;
    },
    isFull: () => count >= pieceEnd.rows || bytes >= pieceEnd.bytes,
    take(last: PageKey | undefined, more: boolean): Omit<Piece, "sequence"> {
      const encoded = encoder.length > 0 ? encoder.take() : undefined;
      return { rows, count, more, ...(encoded && { encoded }), ...(last && { last }) };
    },
  };
}
