import type { AuditAct, AuditCause, AuditKind } from "../audit.ts";
import type { Algorithm } from "../digest.ts";

/** What a query is about. */
export type Target = "blobs" | "ingests" | "images" | "leases" | "namespaces" | "events";

/** A piece of a text, by UTF-16 indexes; `end` is the first one after it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** How a text is looked at: it holds the literal, case and all, or RE2 is found somewhere in it. */
export type Matcher =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "regexp"; readonly pattern: string };

/** What whole numbers are let through; both ends of `..` are. Its unit is that of the field: bytes, seconds. */
export type Comparison =
  | { readonly operator: "<" | "<=" | ">" | ">=" | "="; readonly value: number }
  | { readonly operator: ".."; readonly from: number; readonly to: number };

/** How a digest begins. */
export interface DigestPrefix {
  readonly kind: "prefix";
  /** Absent: any. */
  readonly algorithm?: Algorithm;
  /** In lower case; empty only with an algorithm. */
  readonly hex: string;
}

/**
 * A free word. Of blobs: in the digest or in `key=value` of a label; of ingests: in the ref; of events: in the name, the digest or the
 * caller; of all others: in the name, the id, the digest of the target, or `key=value` of a label.
 */
export interface TextCondition {
  readonly field: "text";
  readonly matcher: Matcher;
}

export interface NamespaceCondition {
  readonly field: "ns";
  readonly name: string;
}

/** Bytes: of a blob, of an ingest so far, of what an image, a lease or a namespace has, or an event wrote or removed. */
export interface SizeCondition {
  readonly field: "size";
  readonly range: Comparison;
}

/** Seconds since something was created or happened, or an ingest started. */
export interface AgeCondition {
  readonly field: "age";
  readonly range: Comparison;
}

/** Seconds since a blob's labels last changed, or since it was created. */
export interface UpdatedCondition {
  readonly field: "updated";
  readonly range: Comparison;
}

export interface DigestCondition {
  readonly field: "digest";
  readonly matcher: DigestPrefix | Extract<Matcher, { kind: "regexp" }>;
}

/** A label. One with an empty value is none, as everywhere here. */
export interface LabelCondition {
  readonly field: "label";
  readonly key: string;
  /** The whole value, empty for a blob without that label; or a pattern found in it. Absent: any value. */
  readonly value?: Matcher;
}

/** A pattern that is found in `key=value` of a label. */
export interface AnyLabelCondition {
  readonly field: "any-label";
  readonly pattern: string;
}

export interface RefCondition {
  readonly field: "ref";
  readonly matcher: Matcher;
}

/** The name of an image, or the id of a lease. */
export interface NameCondition<Field extends "name" | "id"> {
  readonly field: Field;
  readonly matcher: Matcher;
}

/** The states that a server tells; an ingest whose state is not known has none of them. */
export const queryStates = ["writing", "stalled", "resumable"] as const;

export interface StateCondition {
  readonly field: "state";
  readonly state: (typeof queryStates)[number];
}

/** What an image can be that is to be looked at: blobs that it needs are missing, its name has no tag. */
export const imageStates = ["incomplete", "untagged"] as const;

export interface ImageStateCondition {
  readonly field: "state";
  readonly state: (typeof imageStates)[number];
}

/** What a lease can be: without an end and old, without an end, with one. */
export const leaseStates = ["leaked", "lasting", "expiring"] as const;

export interface LeaseStateCondition {
  readonly field: "state";
  readonly state: (typeof leaseStates)[number];
}

/** Who did it, from where, what it was about, in which store, how it went. A literal is all of who, store and code, and a part of the others. */
export interface EventTextCondition {
  readonly field: "who" | "from" | "object" | "store" | "code";
  readonly matcher: Matcher;
}

/** What was done. */
export interface ActCondition {
  readonly field: "act";
  readonly act: AuditAct;
}

/** What it was done to. */
export interface KindCondition {
  readonly field: "kind";
  readonly kind: AuditKind;
}

/** Why it was done. */
export interface CauseCondition {
  readonly field: "cause";
  readonly cause: AuditCause;
}

type SharedCondition = TextCondition | NamespaceCondition | SizeCondition | AgeCondition;

interface ConditionsOf {
  readonly blobs: SharedCondition | UpdatedCondition | DigestCondition | LabelCondition | AnyLabelCondition;
  readonly ingests: SharedCondition | RefCondition | StateCondition;
  readonly images: SharedCondition | NameCondition<"name"> | LabelCondition | AnyLabelCondition | ImageStateCondition;
  readonly leases: SharedCondition | NameCondition<"id"> | LabelCondition | AnyLabelCondition | LeaseStateCondition;
  readonly namespaces: Exclude<SharedCondition, AgeCondition> | LabelCondition | AnyLabelCondition;
  readonly events:
    | SharedCondition
    | DigestCondition
    | RefCondition
    | EventTextCondition
    | ActCondition
    | KindCondition
    | CauseCondition;
}

/** One thing that a query asks. */
export type Condition<T extends Target = Target> = ConditionsOf[T];

/** A token of a query. */
export interface Term<T extends Target = Target> {
  readonly condition: Condition<T>;
  /** True with `-` in front: rows that meet the condition are left out. */
  readonly excluded: boolean;
  /** Where it stands in the text, with its `-`. */
  readonly span: Span;
}

/** A query that was parsed; it is frozen, and all that is in it. */
export interface Query<T extends Target = Target> {
  readonly target: T;
  /** In the order of the text; none: everything matches. */
  readonly terms: readonly Term<T>[];
}
