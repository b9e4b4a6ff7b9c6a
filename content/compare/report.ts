import type { BlobAmount, ComparedPart, CompareTotals } from "../compare.ts";
import type { Digest } from "../digest.ts";
import type { BlobKind } from "../references.ts";

/** One side of a comparison that a server makes. */
export interface ComparedSide {
  /** Name of the store; empty: the server's default one. */
  readonly store: string;
  /** Names; none: all that the caller may see. */
  readonly namespaces: readonly string[];
}

/** What a server found out about two sides, and keeps for a while. */
export interface CompareReport {
  readonly id: string;
  readonly totals: CompareTotals;
  /** When the walk through each side began. */
  readonly asOf: { readonly a: Date; readonly b: Date };
  /** The namespaces that were compared. */
  readonly namespaces: { readonly a: readonly string[]; readonly b: readonly string[] };
  /** What each part has of each kind; kinds of which it has none are left out. */
  readonly kinds: readonly KindAmount[];
  /** Absent: a side does not tell its images. */
  readonly images?: ComparedImages;
}

/** What a part has of one kind. */
export interface KindAmount extends BlobAmount {
  readonly part: ComparedPart;
  readonly kind: ComparedKind;
}

/** Names of images, counted. */
export interface ComparedImages {
  /** That both sides have, and that stand for different digests. */
  readonly otherDigests: number;
  readonly onlyA: number;
  readonly onlyB: number;
}

/** What a comparison tells: how far it is, and at last what it found. */
export type CompareEvent =
  | { readonly kind: "progress"; readonly totals: CompareTotals }
  | { readonly kind: "report"; readonly report: CompareReport };

/** What a blob of a report is, as what names it has it; `unknown`: nothing says it. */
export type ComparedKind = BlobKind | "unknown";

/** A blob of a part of a report. */
export interface DifferentBlob {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** The first of the side's that has it; where both sides have it, of the first side. */
  readonly namespace: string;
  readonly kind: ComparedKind;
}

/** A name that stands for different digests. */
export interface OtherDigest {
  readonly name: string;
  readonly a: { readonly digest: Digest; readonly namespace: string };
  readonly b: { readonly digest: Digest; readonly namespace: string };
}

/** A page of a report. */
export interface ReportPage<Row> {
  readonly rows: readonly Row[];
  /** Where the next page begins; empty: there is none. */
  readonly nextToken: string;
  /** Rows of the whole part, or of all of its blobs of that kind. */
  readonly total: number;
}

/** What of a part is wanted. */
export interface DifferencesQuery {
  readonly report: string;
  readonly part: ComparedPart;
  /** Absent: blobs of every kind. */
  readonly kind?: ComparedKind;
  /** `size` or `digest`, each with an optional ` desc`; absent or empty: `size desc`. */
  readonly orderBy?: string;
  /** Rows at most; absent or 0: 200. */
  readonly size?: number;
  /** Of another page; absent or empty: the first one. */
  readonly token?: string;
  /** Rows to leave out; absent: 0. */
  readonly skip?: number;
}

/** What is to be copied. */
export interface CopyMissingRequest {
  readonly report: string;
  readonly to: "a" | "b";
  /** What is written to; empty or absent: the only namespace of that side. */
  readonly namespace?: string;
  /** Absent or none: all that is missing. */
  readonly digests?: readonly Digest[];
  /** True: names of images too. */
  readonly withImages?: boolean;
  /** True: it goes on when nobody follows it any more; absent: it ends then. */
  readonly keepGoing?: boolean;
}

/** A blob that could not be copied. */
export interface FailedCopy {
  readonly digest: Digest;
  readonly size: number;
  /** In one line. */
  readonly reason: string;
}

/** How far a copy of what is missing is. */
export interface CopyMissingProgress {
  /** What it is followed and ended by. */
  readonly copy: string;
  /** What is written to. */
  readonly target: { readonly store: string; readonly namespace: string };
  readonly wanted: BlobAmount;
  readonly copied: BlobAmount;
  /** What was there by then. */
  readonly present: BlobAmount;
  readonly failed: BlobAmount;
  /** Bytes that came of blobs that are under way, besides. */
  readonly activeBytes: number;
  /** Those that failed since the last message; in the first one, all so far. */
  readonly failures: readonly FailedCopy[];
  /** Names of images that were made, and that could not be. */
  readonly images: number;
  readonly failedImages: number;
  /** What holds the copied blobs, and until when; absent: nothing in the namespace is collected. */
  readonly lease?: { readonly id: string; readonly expiresAt: Date };
  /** It is over. */
  readonly complete: boolean;
  /** Why it was given up before its end; empty: it was not. */
  readonly givenUp: string;
}
