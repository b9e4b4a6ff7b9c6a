import { sql } from "kysely";
import type { GcNode } from "../../../content/gc-labels.ts";
import { rowId } from "../blob-pages.ts";
import type { Connection } from "../database/connection.ts";
import type { Query } from "../database/queries.ts";
import { queries, withValues } from "../database/queries.ts";

/** What a mark has reached. */
export interface Marks {
  /** That blob stays; what it leads to is not asked. */
  addBlob(digest: string): void;
  /** That image stays; what it leads to is not asked. */
  addImage(name: string): void;
  /** That thing stays. @returns true where what it leads to was not followed yet */
  follow(node: GcNode): boolean;
  /** @param row its number in the table of blobs */
  holdsRow(row: number): boolean;
  holdsImage(name: string): boolean;
}

/** Of a namespace and a digest. */
const rowOfBlob = queries
  .selectFrom("blob")
  .select(rowId)
  .where("namespace", "=", "")
  .where("digest", "=", "")
  .compile();

const reached = 1;
const followed = 2;

/** Nothing is reached yet. Blobs are a byte each, so that a million of them take a MiB. */
export function createMarks(view: Connection, namespace: string): Marks {
  const rows = new Uint8Array(lastRow(view) + 1);
  /** Images, and digests that the namespace does not hold: they lead on all the same. */
  const names = new Set<string>();
  const images = new Set<string>();

  function rowOf(digest: string): number | undefined {
    return view.first(withValues(rowOfBlob, [namespace, digest]))?.id;
  }

  return {
    addBlob(digest) {
      const row = rowOf(digest);
      if (row !== undefined) rows[row] = Math.max(rows[row] ?? 0, reached);
    },
    addImage: (name) => void images.add(name),
    follow({ kind, key }) {
      const row = kind === "content" ? rowOf(key) : undefined;
      if (kind === "image") images.add(key);
      if (row === undefined) {
        const name = `${kind} ${key}`;
        const isNew = !names.has(name);
        names.add(name);
        return isNew;
      }
      const isNew = rows[row] !== followed;
      rows[row] = followed;
      return isNew;
    },
    holdsRow: (row) => (rows[row] ?? 0) > 0,
    holdsImage: (name) => images.has(name),
  };
}

const highestRow: Query<{ last: number | null }> = {
  compile: () => sql<{ last: number | null }>`SELECT max(rowid) AS last FROM blob`.compile(queries),
};

function lastRow(view: Connection): number {
  return view.first(highestRow)?.last ?? 0;
}
