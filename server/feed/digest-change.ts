import type { Digest } from "../../content/digest.ts";
import type { Totals } from "../metadata/set.ts";
import type { BlobChange, BlobRow } from "./change.ts";
import { rowBytes } from "./row-bytes.ts";

/** The rows of one digest, by namespace. */
export type DigestRows = ReadonlyMap<string, BlobRow>;

/**
 * What became of one digest over several changes: its rows in all namespaces before the first and after the last of
 * them. A digest is the unit because its bytes count once, however many namespaces hold it.
 *
 * Rows are put together when they are first asked for: under a fast writer most changes are followed by the next before.
 */
export class DigestChange {
  /** Namespaces whose row changed, each once. */
  readonly touched: readonly string[];
  readonly #first: BlobChange;
  readonly #last: BlobChange;
  #before: DigestRows | undefined;
  #after: DigestRows | undefined;
  #bytes: number | undefined;

  constructor(first: BlobChange, last: BlobChange, touched: readonly string[]) {
    this.#first = first;
    this.#last = last;
    this.touched = touched;
  }

  get digest(): Digest {
    return this.#first.digest;
  }

  /** Number of the first change. */
  get since(): number {
    return this.#first.sequence;
  }

  get before(): DigestRows {
    return (this.#before ??= rowsOf(this.#first.elsewhere, this.#first.before));
  }

  get after(): DigestRows {
    return (this.#after ??= rowsOf(this.#last.elsewhere, this.#last.after));
  }

  /** What its rows take in memory, in bytes. */
  get bytes(): number {
    return (this.#bytes ??=
      bytesOf(this.#first.elsewhere, this.#first.before) + bytesOf(this.#last.elsewhere, this.#last.after));
  }

  /** The same with one more change. */
  and(change: BlobChange): DigestChange {
    const isKnown = this.touched.includes(change.namespace);
    return new DigestChange(this.#first, change, isKnown ? this.touched : [...this.touched, change.namespace]);
  }
}

/** Changes that stand alone are the same for every reader. */
const alone = new WeakMap<BlobChange, DigestChange>();

/** One more change of a digest. @param earlier the changes before it that are not told yet; absent when there are none */
export function addChange(earlier: DigestChange | undefined, change: BlobChange): DigestChange {
  if (earlier !== undefined) return earlier.and(change);
  const known = alone.get(change) ?? new DigestChange(change, change, [change.namespace]);
  alone.set(change, known);
  return known;
}

function bytesOf(elsewhere: readonly BlobRow[], row: BlobRow | undefined): number {
  return elsewhere.reduce((sum, each) => sum + rowBytes(each), row === undefined ? 0 : rowBytes(row));
}

function rowsOf(elsewhere: readonly BlobRow[], row: BlobRow | undefined): DigestRows {
  const rows = row === undefined ? elsewhere : [...elsewhere, row];
  return new Map(rows.map((each) => [each.namespace, each]));
}

/** Totals after a change. @param counts which rows count */
export function addTotals(totals: Totals, { before, after }: DigestChange, counts: (row: BlobRow) => boolean): Totals {
  return move(totals, totalsOf(before, counts), totalsOf(after, counts));
}

/** Totals before a change. @param counts which rows count */
export function subtractTotals(
  totals: Totals,
  { before, after }: DigestChange,
  counts: (row: BlobRow) => boolean,
): Totals {
  return move(totals, totalsOf(after, counts), totalsOf(before, counts));
}

function move(totals: Totals, from: Totals, to: Totals): Totals {
  return { count: totals.count + to.count - from.count, bytes: totals.bytes + to.bytes - from.bytes };
}

function totalsOf(rows: DigestRows, counts: (row: BlobRow) => boolean): Totals {
  let count = 0;
  let bytes = 0;
  for (const row of rows.values()) {
    if (!counts(row)) continue;
    count += 1;
    bytes = row.info.size;
  }
  return { count, bytes };
}
