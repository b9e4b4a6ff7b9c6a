import { sql } from "kysely";
import type { Connection } from "./database/connection.ts";
import { queries } from "./database/queries.ts";
import type { Totals } from "./set.ts";
import { totalsByNamespace } from "./totals.ts";

/** What the database holds, in numbers. */
export interface StoredInventory {
  /** Each digest once, whoever holds it. */
  readonly distinct: Totals;
  /** The first namespaces in the order of their names, with what each holds. */
  readonly namespaces: readonly NamespaceInventory[];
  /** What all other namespaces hold, bytes once a namespace; absent: there are no others. */
  readonly others?: Totals;
  readonly images: number;
  readonly leases: number;
  readonly ingests: number;
  /** When the oldest ingest began, in microseconds since 1970; absent: there is none. */
  readonly oldestIngestMicros?: number;
}

/** What a namespace holds. */
export interface NamespaceInventory extends Totals {
  readonly name: string;
}

/** Read it off the totals and off counts of rows. @param limit of namespaces that are told one by one */
export function readInventory(view: Connection, limit: number): StoredInventory {
  const totals = totalsByNamespace(view, "*");
  const names = view.all(queries.selectFrom("namespace").select("name").orderBy("name")).map(({ name }) => name);
  const all = names.map((name) => ({ name, count: totals.get(name)?.count ?? 0, bytes: totals.get(name)?.bytes ?? 0 }));
  const others = all.slice(limit);
  const oldest = view.first(queries.selectFrom("ingest").select(sql<number | null>`min(started_at)`.as("at")))?.at;
  return {
    distinct: distinctTotals(view),
    namespaces: all.slice(0, limit),
    ...(others.length > 0 && { others: sumOf(others) }),
    images: rowsOf(view, "image"),
    leases: rowsOf(view, "lease"),
    ingests: rowsOf(view, "ingest"),
    ...(typeof oldest === "number" && { oldestIngestMicros: oldest }),
  };
}

function distinctTotals(view: Connection): Totals {
  const rows = view.all(queries.selectFrom("total").select(["digests as count", "bytes"]));
  return sumOf(rows);
}

function sumOf(totals: readonly Totals[]): Totals {
  return {
    count: totals.reduce((sum, { count }) => sum + count, 0),
    bytes: totals.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function rowsOf(view: Connection, table: "image" | "lease" | "ingest"): number {
  return view.first(queries.selectFrom(table).select(sql<number>`count(*)`.as("count")))?.count ?? 0;
}
