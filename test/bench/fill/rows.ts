import { sql } from "kysely";
import { referencesOf } from "../../../content/gc-labels.ts";
import { microsOf } from "../../../content/instant.ts";
import type { Connection } from "../../../server/metadata/database/connection.ts";
import { queries } from "../../../server/metadata/database/queries.ts";
import { labelsToColumn } from "../../../server/metadata/labels-column.ts";
import { ensureNamespace } from "../../../server/metadata/namespaces.ts";
import { toColumns } from "../../../server/metadata/references.ts";
import { addToTotals, holdersOf } from "../../../server/metadata/totals.ts";
import type { FilledBlob } from "./images.ts";

/** Rows of many blobs at once, into a database that has none. */
export interface RowFill {
  /** Rows so far; a blob has one for each namespace. */
  readonly rows: number;
  add(blobs: readonly FilledBlob[]): void;
  /** Commit what was added, bring namespaces and totals up to it, and make the indexes. */
  finish(): void;
}

/** Rows of one transaction. */
const transactionRows = 50_000;

/** References of one insert: it may have 32,766 values. */
const insertedAtOnce = 1000;

/** Begin to fill. What was added is whole only after `finish`: until then the indexes are missing. */
export function beginRows(connection: Connection): RowFill {
  // Nobody reads yet, and the end makes all of it durable at once; the key's index has to fit.
  connection.exec("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; PRAGMA temp_store = FILE");
  const indexes = dropIndexes(connection);
  const sums = createSums();
  const names = new Set<string>();
  let rows = 0;
  let uncommitted = 0;
  connection.exec("BEGIN IMMEDIATE");
  return {
    get rows() {
      return rows;
    },
    add(blobs) {
      const added = blobs.flatMap(rowsOf);
      connection.run(queries.insertInto("blob").values(added));
      insertReferences(connection, blobs);
      for (const blob of blobs) sums.add(blob);
      for (const { namespace } of added) names.add(namespace);
      rows += added.length;
      uncommitted += added.length;
      if (uncommitted < transactionRows) return;
      connection.exec("COMMIT; BEGIN IMMEDIATE");
      uncommitted = 0;
    },
    finish() {
      sums.write(connection, names);
      connection.exec("COMMIT");
      for (const create of indexes) connection.exec(create);
      connection.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    },
  };
}

function rowsOf({ info, namespaces }: FilledBlob) {
  const { digest, size, createdAt, updatedAt } = info;
  const [created_at, updated_at, labels] = [microsOf(createdAt), microsOf(updatedAt), labelsToColumn(info.labels)];
  return namespaces.map((namespace) => ({ namespace, digest, size, created_at, updated_at, labels }));
}

function insertReferences(connection: Connection, blobs: readonly FilledBlob[]): void {
  const rows = blobs.flatMap(({ info, namespaces }) => {
    const owner = { kind: "content", key: info.digest } as const;
    const references = referencesOf(owner, info.labels);
    return namespaces.flatMap((namespace) => references.map((reference) => toColumns(namespace, owner, reference)));
  });
  for (let from = 0; from < rows.length; from += insertedAtOnce) {
    connection.run(queries.insertInto("reference").values(rows.slice(from, from + insertedAtOnce)));
  }
}

/** An index costs less made once over all rows than kept with each. @returns what makes them again */
function dropIndexes(connection: Connection): readonly string[] {
  const found = sql<{ name: string; sql: string }>`
    SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'blob' AND sql IS NOT NULL`;
  const indexes = connection.all<{ name: string; sql: string }>({ compile: () => found.compile(queries) });
  for (const { name } of indexes) connection.exec(`DROP INDEX "${name}"`);
  return indexes.map((index) => index.sql);
}

/** What the blobs add to the totals, by the namespaces that hold them. */
function createSums() {
  const sums = new Map<string, { digests: number; bytes: number }>();
  return {
    add({ info, namespaces }: FilledBlob): void {
      const holders = holdersOf(namespaces);
      const sum = sums.get(holders) ?? { digests: 0, bytes: 0 };
      sums.set(holders, { digests: sum.digests + 1, bytes: sum.bytes + info.size });
    },
    /** @param namespaces all that hold anything */
    write(connection: Connection, namespaces: Iterable<string>): void {
      for (const namespace of namespaces) ensureNamespace(connection, () => undefined, namespace);
      for (const [holders, { digests, bytes }] of sums) addToTotals(connection, holders, digests, bytes);
    },
  };
}
