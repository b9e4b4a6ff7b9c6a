import type { Digest } from "../digest.ts";
import { isDigest } from "../digest.ts";
import type { Labels } from "../store.ts";
import { childLabelPrefix } from "./child-labels.ts";
import type { Reference } from "./document.ts";
import type { DocumentKind } from "./media-types.ts";

/** What a blob is, as what names it has it: `attestation` is a statement about an image, or the manifest of such statements. */
export type BlobKind = DocumentKind | "layer" | "attestation";

/** A blob, and what it is. */
export interface NamedKind {
  readonly digest: Digest;
  readonly kind: BlobKind;
}

/** What the labels of a document say, see childLabels. */
export interface SaidByLabels {
  /** What the document is; absent: they do not say. */
  readonly kind?: "index" | "manifest";
  /** What it names, as far as they say of what kind that is. */
  readonly names: readonly NamedKind[];
  /** True: it names something of which they do not say it. */
  readonly isMore: boolean;
}

/** What a document says that a blob is; absent: it does not. All that a manifest has beside its config is a layer. */
export function kindOfReference({ role, kind, attests, predicateType }: Reference): BlobKind | undefined {
  if (attests || predicateType !== undefined) return "attestation";
  if (role === "config" || role === "layer") return role;
  return kind;
}

/** What the labels of a blob say that it is and names; nothing of what is no document, or was stored without them. */
export function saidByLabels(labels: Labels): SaidByLabels {
  const names: NamedKind[] = [];
  let kind: SaidByLabels["kind"];
  let isMore = false;
  for (const [key, digest] of Object.entries(labels)) {
    if (!key.startsWith(childLabelPrefix) || !isDigest(digest)) continue;
    const named = kindOfName(key.slice(childLabelPrefix.length));
    if (named === undefined) isMore ||= !key.endsWith(".subject");
    else names.push({ digest, kind: named });
    if (named === "manifest") kind = "index";
    else if (named !== undefined) kind ??= "manifest";
  }
  return { names, isMore, ...(kind && { kind }) };
}

function kindOfName(name: string): BlobKind | undefined {
  if (/^config\d*$/.test(name)) return "config";
  if (name.startsWith("m.")) return "manifest";
  return name.startsWith("l.") ? "layer" : undefined;
}
