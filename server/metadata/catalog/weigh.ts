import { sql } from "kysely";
import type { GcNode } from "../../../content/gc-labels.ts";
import { rowId } from "../blob-pages.ts";
import { createMarks } from "../collection/marks.ts";
import type { RootLease } from "../collection/roots.ts";
import { heldBy, leasesIn, unleasedRoots } from "../collection/roots.ts";
import type { Connection } from "../database/connection.ts";
import { queries, withValues } from "../database/queries.ts";
import { followReferences } from "../references.ts";

/** What a lease keeps. */
export interface LeaseWeight {
  readonly namespace: string;
  readonly id: string;
  /** Each blob once. */
  readonly bytes: number;
  /** Of these, bytes that nothing else keeps in the namespace. */
  readonly onlyBytes: number;
}

/** Things that leases lead to and that are looked at, at most, in all; some 10 s. Leases beyond are not weighed. */
const maxSteps = 1_000_000;

/** Things between two questions whether anybody still waits. */
const checkedSteps = 1000;

/**
 * What every lease keeps, at one moment: with some numbers for each row of the table of blobs, and for the leases of one
 * namespace at a time.
 *
 * @param view of that moment
 * @param nowMs milliseconds since 1970, for what expires
 * @param check throws when nobody waits any more
 */
export function weighLeases(view: Connection, nowMs: number, check: () => void): readonly LeaseWeight[] {
  const query = queries.selectFrom("lease").select("namespace").distinct().orderBy("namespace");
  let steps = 0;
  const step = (): boolean => {
    steps += 1;
    if (steps % checkedSteps === 0) check();
    return steps <= maxSteps;
  };
  return view.all(query).flatMap(({ namespace }) => weighNamespace(view, namespace, nowMs, step, check));
}

function weighNamespace(
  view: Connection,
  namespace: string,
  nowMs: number,
  step: () => boolean,
  check: () => void,
): readonly LeaseWeight[] {
  const leases = leasesIn(view, namespace);
  const rows = createRowWeights(view, namespace);
  const weights: { id: string; bytes: number; onlyBytes: number }[] = [];
  for (const lease of leases) {
    const bytes = weighOne(view, namespace, lease, nowMs, rows, step);
    // What the rest of them keep is not known: nothing that was weighed is theirs alone for certain.
    if (bytes === undefined) return [];
    weights.push({ id: lease.id, bytes, onlyBytes: 0 });
  }
  const others = othersHold(view, namespace, nowMs, check);
  for (const { lease, row, size } of rows.ofOne()) {
    const weight = weights[lease];
    if (weight !== undefined && !others(row)) weight.onlyBytes += size;
  }
  return weights.map((weight) => ({ namespace, ...weight }));
}

/** @returns bytes; absent where there was more to look at than may be */
function weighOne(
  view: Connection,
  namespace: string,
  lease: RootLease,
  nowMs: number,
  rows: RowWeights,
  step: () => boolean,
): number | undefined {
  const { nodes, flat } = heldBy(view, namespace, lease, nowMs);
  const seen = new Set<string>();
  let bytes = 0;
  rows.begin();
  const waiting: GcNode[] = [...nodes];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!step()) return undefined;
    const name = `${node.kind} ${node.key}`;
    if (seen.has(name)) continue;
    seen.add(name);
    if (node.kind === "content") bytes += rows.add(node.key);
    waiting.push(...followReferences(view, namespace, node));
  }
  for (const digest of flat) {
    if (!step()) return undefined;
    bytes += rows.add(digest);
  }
  return bytes;
}

/** What stays without any lease. @returns true for the row of such a blob */
function othersHold(view: Connection, namespace: string, nowMs: number, check: () => void): (row: number) => boolean {
  const marks = createMarks(view, namespace);
  const waiting: GcNode[] = [...unleasedRoots(view, namespace, nowMs).nodes];
  let steps = 0;
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    steps += 1;
    if (steps % checkedSteps === 0) check();
    if (marks.follow(node)) waiting.push(...followReferences(view, namespace, node));
  }
  return marks.holdsRow;
}

/** Which leases of a namespace lead to which row of the table of blobs. */
interface RowWeights {
  /** The next lease, from the first. */
  begin(): void;
  /** That lease leads to that blob. @returns its bytes; 0 for one that it leads to already, or that is not there */
  add(digest: string): number;
  /** Rows that one lease alone leads to. @returns the lease counted from 0 */
  ofOne(): Iterable<{ readonly lease: number; readonly row: number; readonly size: number }>;
}

/** Of a namespace and a digest. */
const rowOfBlob = queries
  .selectFrom("blob")
  .select([rowId, "size"])
  .where("namespace", "=", "")
  .where("digest", "=", "")
  .compile();

/** Marks a row that more than one lease leads to. */
const several = 0xffffffff;

function createRowWeights(view: Connection, namespace: string): RowWeights {
  const last = view.first(queries.selectFrom("blob").select(sql<number | null>`max(rowid)`.as("id")))?.id ?? 0;
  /** Number of the last lease that leads there, from 1. */
  const reached = new Uint32Array(last + 1);
  /** That of the only one. */
  const only = new Uint32Array(last + 1);
  const sizes = new Float64Array(last + 1);
  let lease = 0;
  return {
    begin() {
      lease += 1;
    },
    add(digest) {
      const found = view.first(withValues(rowOfBlob, [namespace, digest]));
      if (found === undefined || reached[found.id] === lease) return 0;
      only[found.id] = reached[found.id] === 0 ? lease : several;
      reached[found.id] = lease;
      sizes[found.id] = found.size;
      return found.size;
    },
    *ofOne() {
      for (const [row, number] of only.entries()) {
        if (number !== 0 && number !== several) yield { lease: number - 1, row, size: sizes[row] ?? 0 };
      }
    },
  };
}
