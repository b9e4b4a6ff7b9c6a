import type { ComparedKind, KindAmount, OtherDigest } from "../../content/compare/report.ts";
import type { ComparedPart } from "../../content/compare.ts";
import type { Digest } from "../../content/digest.ts";
import type { NamedKind } from "../../content/references.ts";

/**
 * After what a blob has to be copied: 0: after nothing, as far as is known; 1: it names blobs, as a manifest does; 2 and more: it names
 * those.
 */
export type Rank = number;

/** A blob of a report. */
export interface ReportRow {
  readonly part: ComparedPart;
  readonly digest: Digest;
  readonly size: number;
  /** Which namespace of the side that is, from 0. */
  readonly at: number;
  readonly rank: Rank;
  /** What it says itself that it is. */
  readonly kind: ComparedKind;
}

/** What something says that a blob is. */
export interface SaidKind extends NamedKind {
  /** True: a document says it, which counts for more than what labels say. */
  readonly isRead: boolean;
}

/** A row with its place among those of its part, in the order of digests, from 0. */
export interface PlacedRow extends ReportRow {
  readonly place: number;
}

/** An order of rows, made total by their digests. */
export interface RowOrder {
  readonly by: "size" | "digest";
  readonly isDescending: boolean;
}

/** What a report is asked, and what it answers. */
export interface Tasks {
  /** Rows in the order of digests, behind those that are there. */
  add: { readonly question: readonly ReportRow[]; readonly answer: undefined };
  /** What blobs are, whether there are such rows or not. */
  kinds: { readonly question: readonly SaidKind[]; readonly answer: undefined };
  names: { readonly question: readonly OtherDigest[]; readonly answer: undefined };
  /** No more rows come: they can be read from now on. What each part has of each kind. */
  seal: { readonly question: undefined; readonly answer: readonly KindAmount[] };
  page: {
    readonly question: {
      readonly part: ComparedPart;
      /** Absent: rows of every kind. */
      readonly kind?: ComparedKind;
      readonly order: RowOrder;
      readonly skip: number;
      readonly limit: number;
    };
    readonly answer: readonly PlacedRow[];
  };
  otherDigests: {
    readonly question: { readonly skip: number; readonly limit: number };
    readonly answer: readonly OtherDigest[];
  };
  /** Rows of a rank, in the order of digests. */
  ranked: {
    readonly question: {
      readonly part: ComparedPart;
      readonly rank: Rank;
      /** Places up to here are left out; -1: none. */
      readonly after: number;
      readonly limit: number;
    };
    readonly answer: readonly PlacedRow[];
  };
  /** Those of some digests that are in a part. */
  find: {
    readonly question: { readonly part: ComparedPart; readonly digests: readonly Digest[] };
    readonly answer: readonly PlacedRow[];
  };
  rank: {
    readonly question: { readonly part: ComparedPart; readonly place: number; readonly rank: Rank };
    readonly answer: undefined;
  };
  /** Bytes of the file. */
  weigh: { readonly question: undefined; readonly answer: number };
}

export type Task = keyof Tasks;

/** A question as the thread is sent it. */
export type Job = { readonly [K in Task]: { readonly task: K; readonly question: Tasks[K]["question"] } }[Task];

/** What the thread answers, in the order of the questions. */
export type Answer =
  | { readonly answer: Tasks[Task]["answer"] }
  /** `isFull`: the disk has no room for it, which an error does not keep on its way between threads. */
  | { readonly failed: Error; readonly isFull: boolean };
