import type { Labels } from "../store.ts";
import type { Reference } from "./document.ts";
import { isLayerType } from "./media-types.ts";

/** Of a manifest that is about another one: it stays as long as that one (containerd 2.2). */
export const subjectLabel = "containerd.io/gc.bref.content.subject";

/** Of a document: what follows says what it names, and the value is that. */
export const childLabelPrefix = "containerd.io/gc.ref.content.";

/**
 * The labels by which what a document names stays as long as the document (containerd's images/handlers.go,
 * SetChildrenLabels): `containerd.io/gc.ref.content.` with `config`, `m.N`, `l.N` or `N` after it. Each counts by itself, from 0.
 *
 * A subject is told in both directions: what is about it stays as long as it, and the other way round.
 */
export function childLabels(references: readonly Reference[]): Labels {
  const counts = new Map<string, number>();
  const labels: Record<string, string> = {};
  for (const reference of references) {
    const { role, digest } = reference;
    if (role === "subject") {
      labels[`${childLabelPrefix}subject`] = digest;
      labels[subjectLabel] = digest;
      continue;
    }
    const name = nameOf(reference);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    const isNumbered = count > 0 || name !== "config";
    labels[`${childLabelPrefix}${name}${isNumbered ? count : ""}`] = digest;
  }
  return labels;
}

/** By media type alone, as containerd has it: an index in an index, or a statement among layers, has no name of its own. */
function nameOf({ kind, mediaType }: Reference): string {
  if (kind === "config") return "config";
  if (kind === "manifest") return "m.";
  return isLayerType(mediaType) ? "l." : "";
}
