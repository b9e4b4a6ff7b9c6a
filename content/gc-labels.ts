import type { Labels } from "./store.ts";

/**
 * The labels that collection reads (containerd's core/metadata/gc.go).
 *
 * - `containerd.io/gc.root`, of a blob: it stays, and with it what it leads to.
 * - `containerd.io/gc.ref.content`, `.image`: this thing leads to the one that the value names.
 * - `containerd.io/gc.bref.content`, `.image`: the one that the value names leads to this thing.
 * - `containerd.io/gc.expire`, of a lease or an image: it holds nothing after that time.
 * - `containerd.io/gc.flat`, of a lease: it holds its resources without what they lead to.
 *
 * A name may follow a reference, after a `.` or a `/`: `containerd.io/gc.ref.content.l.0`.
 */
export const gcLabels = {
  root: "containerd.io/gc.root",
  expire: "containerd.io/gc.expire",
  flat: "containerd.io/gc.flat",
} as const;

/** What references lead to and from; snapshots and containers are none of this store's. */
export type NodeKind = "content" | "image";

/** One end of a reference. */
export interface GcNode {
  readonly kind: NodeKind;
  /** A digest, or the name of an image; what is not there leads nowhere. */
  readonly key: string;
}

/** A label that makes one thing lead to another. */
export interface Reference {
  /** Where it leads from; `root`: from everywhere. */
  readonly from: GcNode | "root";
  readonly to: GcNode;
  /** The label's key. */
  readonly label: string;
}

const reference = /^containerd\.io\/gc\.(?<direction>b?ref)\.(?<kind>content|image)(?:[./].*)?$/s;

/** The references that labels make. @param owner whose labels they are */
export function referencesOf(owner: GcNode, labels: Labels): readonly Reference[] {
  return Object.entries(labels).flatMap(([label, key]): readonly Reference[] => {
    if (owner.kind === "content" && label.startsWith(gcLabels.root)) return [{ from: "root", to: owner, label }];
    const { direction, kind } = reference.exec(label)?.groups ?? {};
    if (direction === undefined) return [];
    const other: GcNode = { kind: kind as NodeKind, key };
    return [direction === "ref" ? { from: owner, to: other, label } : { from: other, to: owner, label }];
  });
}

/** A time as Go's RFC 3339 has it, with or without a fraction. */
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * When what has these labels begins to hold nothing, in milliseconds since 1970; absent: never. A time that does not parse is
 * none, as in containerd.
 */
export function expiryOf(labels: Labels): number | undefined {
  const text = Object.hasOwn(labels, gcLabels.expire) ? (labels[gcLabels.expire] ?? "") : "";
  if (!rfc3339.test(text)) return undefined;
  const at = Date.parse(text.replace(",", "."));
  return Number.isNaN(at) ? undefined : at;
}

/** True for a lease that holds its resources alone. */
export function isFlat(labels: Labels): boolean {
  return Object.hasOwn(labels, gcLabels.flat);
}
