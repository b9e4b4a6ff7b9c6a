import type { Digest } from "../../content/digest.ts";
import type { Totals } from "../metadata/metadata.ts";
import type { BlobChange, BlobRow } from "./change.ts";

/** The rows of one digest, by namespace. */
export type DigestRows = ReadonlyMap<string, BlobRow>;

/**
 * What became of one digest over several changes: its rows in all namespaces before the first and after the last of
 * them. A digest is the unit because its bytes count once, however many namespaces hold it.
 */
export interface DigestChange {
  readonly digest: Digest;
  /** Number of the first change. */
  readonly since: number;
  readonly before: DigestRows;
  readonly after: DigestRows;
  /** Namespaces whose row changed. */
  readonly touched: ReadonlySet<string>;
}

/** One more change of a digest. @param earlier the changes before it that are not told yet; absent when there are none */
export function addChange(earlier: DigestChange | undefined, change: BlobChange): DigestChange {
  return {
    digest: change.digest,
    since: earlier?.since ?? change.sequence,
    before: earlier?.before ?? rowsOf(change.elsewhere, change.before),
    after: rowsOf(change.elsewhere, change.after),
    touched: new Set(earlier?.touched).add(change.namespace),
  };
}

function rowsOf(elsewhere: readonly BlobRow[], row: BlobRow | undefined): DigestRows {
  const rows = row === undefined ? elsewhere : [...elsewhere, row];
  return new Map(rows.map((each) => [each.namespace, each]));
}

/** Totals after a change. @param counts which rows count */
export function addTotals(totals: Totals, change: DigestChange, counts: (row: BlobRow) => boolean): Totals {
  const before = totalsOf(change.before, counts);
  const after = totalsOf(change.after, counts);
  return { count: totals.count + after.count - before.count, bytes: totals.bytes + after.bytes - before.bytes };
}

function totalsOf(rows: DigestRows, counts: (row: BlobRow) => boolean): Totals {
  const counted = [...rows.values()].filter(counts);
  return { count: counted.length, bytes: counted[0]?.info.size ?? 0 };
}
