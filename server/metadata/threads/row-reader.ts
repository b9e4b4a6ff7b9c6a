import { sql } from "kysely";
import { rowId } from "../blob-pages.ts";
import type { Connection } from "../database/connection.ts";
import { queries } from "../database/queries.ts";
import { ScannedBlob } from "./scanned-blob.ts";

/** Reads rows by their ids, which have to be there. */
export function createRowReader(view: Connection): (id: number) => ScannedBlob {
  const query = queries
    .selectFrom("blob")
    .select([rowId, "namespace", "digest", "size", "created_at", "updated_at", "labels"])
    .where(sql`rowid`, "=", 0);
  const lookup = view.lookup(query);
  return (id) => {
    const values = lookup(id);
    if (values === undefined) throw new Error(`no row ${id} in a view that named it`);
    return new ScannedBlob(values);
  };
}
