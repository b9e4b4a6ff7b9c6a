import type { Connection } from "./database/connection.ts";
import { queries, withValues } from "./database/queries.ts";
import type { Namespaces, Totals } from "./set.ts";

/** No namespace has a space. */
const separator = " ";

/** Names the namespaces that hold a digest, whatever their order; none: no name. */
export function holdersOf(namespaces: Iterable<string>): string {
  return [...namespaces].sort().join(separator);
}

/**
 * A digest has other holders than before, which one row of totals for each set of holders tells: whatever namespaces are asked
 * for, their totals are sums over few rows, and the bytes of each digest count once.
 *
 * @param size bytes
 */
export function moveTotals(connection: Connection, size: number, before: string, after: string): void {
  if (before !== "") addToTotals(connection, before, -1, -size);
  if (after !== "") addToTotals(connection, after, 1, size);
}

/** Each change of a blob runs it. */
const addition = queries
  .insertInto("total")
  .values({ holders: "", digests: 0, bytes: 0 })
  .onConflict((conflict) =>
    conflict.column("holders").doUpdateSet({
      digests: (eb) => eb("total.digests", "+", eb.ref("excluded.digests")),
      bytes: (eb) => eb("total.bytes", "+", eb.ref("excluded.bytes")),
    }),
  )
  .compile();

const emptied = queries.deleteFrom("total").where("holders", "=", "").where("digests", "=", 0).compile();

/** Add digests to a set of holders. A set without digests is forgotten. */
export function addToTotals(connection: Connection, holders: string, digests: number, bytes: number): void {
  connection.run(withValues(addition, [holders, digests, bytes]));
  connection.run(withValues(emptied, [holders, 0]));
}

/** Rows of some namespaces, and their bytes, each digest once. */
export function readTotals(connection: Connection, namespaces: Namespaces): Totals {
  const wanted = namespaces === "*" ? undefined : new Set(namespaces);
  let count = 0;
  let bytes = 0;
  for (const total of connection.all(queries.selectFrom("total").selectAll())) {
    const holders = total.holders.split(separator);
    const rows = wanted === undefined ? holders.length : holders.filter((name) => wanted.has(name)).length;
    count += rows * total.digests;
    if (rows > 0) bytes += total.bytes;
  }
  return { count, bytes };
}

/** What one namespace holds. */
export interface NamespaceTotals extends Totals {
  /** Of the bytes, those that no other namespace holds. */
  readonly onlyBytes: number;
}

/** What each namespace holds; one that holds nothing is left out. @param among those that count, as if there were no others */
export function totalsByNamespace(connection: Connection, among: Namespaces): ReadonlyMap<string, NamespaceTotals> {
  const wanted = among === "*" ? undefined : new Set(among);
  const totals = new Map<string, NamespaceTotals>();
  for (const { holders, digests, bytes } of connection.all(queries.selectFrom("total").selectAll())) {
    const names = holders.split(separator).filter((name) => wanted?.has(name) ?? true);
    for (const name of names) {
      const before = totals.get(name) ?? { count: 0, bytes: 0, onlyBytes: 0 };
      totals.set(name, {
        count: before.count + digests,
        bytes: before.bytes + bytes,
        onlyBytes: before.onlyBytes + (names.length === 1 ? bytes : 0),
      });
    }
  }
  return totals;
}
