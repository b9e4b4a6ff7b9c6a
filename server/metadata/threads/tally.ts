import { sql } from "kysely";
import { rowId } from "../blob-pages.ts";
import type { Connection } from "../database/connection.ts";
import { queries } from "../database/queries.ts";
import type { Namespaces, Totals } from "../set.ts";
import type { ScannedBlob } from "./scanned-blob.ts";

/** Rows by row id, when there are many: 9 bytes for each row of the table. */
export interface Tally {
  add(row: ScannedBlob): void;
  has(id: number): boolean;
  /** Rows so far, and their bytes, those of a digest as often as it is there. */
  readonly rows: Totals;
  /** The same with the bytes of each digest once. @param namespaces which the rows are of */
  totals(namespaces: Namespaces): Totals;
}

/** No row yet. @param view of the moment that the rows are of */
export function createTally(view: Connection): Tally {
  const last = view.first(queries.selectFrom("blob").select(sql<number | null>`max(rowid)`.as("id")))?.id ?? 0;
  const marks = new Uint8Array(last + 1);
  const sizes = new Float64Array(last + 1);
  let count = 0;
  let bytes = 0;

  /** What the sum of all sizes has too much, because several rows have one digest. */
  function twice(): number {
    const shared = queries.selectFrom("blob").select("digest").groupBy("digest").having(sql`count(*)`, ">", 1);
    const query = queries.selectFrom("blob").select([rowId, "digest"]).where("digest", "in", shared).orderBy("digest");
    let surplus = 0;
    let counted: unknown;
    for (const [id, digest] of view.stream(query)) {
      if (!marks[Number(id)]) continue;
      if (digest === counted) surplus += sizes[Number(id)] ?? 0;
      counted = digest;
    }
    return surplus;
  }

  return {
    add({ id, size }) {
      marks[id] = 1;
      sizes[id] = size;
      count += 1;
      bytes += size;
    },
    has: (id) => marks[id] === 1,
    get rows() {
      return { count, bytes };
    },
    totals(namespaces) {
      // A namespace holds a digest once.
      const isShared = namespaces === "*" || namespaces.length > 1;
      return { count, bytes: count > 1 && isShared ? bytes - twice() : bytes };
    },
  };
}
