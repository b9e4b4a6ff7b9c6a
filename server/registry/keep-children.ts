import type { Digest } from "../../content/digest.ts";
import { hexOf } from "../../content/digest.ts";
import { throwIfCancelled } from "../../content/errors.ts";
import { referencesOf } from "../../content/gc-labels.ts";
import { childLabels, parseDocument } from "../../content/references.ts";
import type { Store } from "../../content/store.ts";
import type { ImagePart } from "../catalog/images/parts.ts";
import type { CatalogReads } from "../metadata/metadata.ts";

/**
 * Give each document of an image the labels by which what it names stays as long as the document, as containerd's pull does, so
 * that nothing which was fetched is collected. What leads there already gets none.
 *
 * @param parts what the image needs; what is not there is left out
 */
export async function keepChildren(
  catalog: Pick<CatalogReads, "bytesOf">,
  store: Pick<Store, "info" | "update">,
  parts: readonly ImagePart[],
  signal: AbortSignal,
): Promise<void> {
  const needed = new Set<string>(parts.map(({ digest }) => digest));
  for (const { digest, kind, isThere } of parts) {
    if (!isThere || (kind !== "index" && kind !== "manifest")) continue;
    const bytes = await catalog.bytesOf(digest);
    if (bytes === undefined) continue;
    const { labels } = await store.info(digest, signal);
    const known = new Set(referencesOf({ kind: "content", key: digest }, labels).map(({ to }) => to.key));
    const children = Object.entries(childLabels(parseDocument(bytes, kind).references));
    const lacking = children
      .filter(([, to]) => needed.has(to) && !known.has(to))
      // A label that keeps something else stays.
      .map(([label, to]) => [Object.hasOwn(labels, label) ? `${label}.${hexOf(to as Digest)}` : label, to] as const);
    if (lacking.length === 0) continue;
    throwIfCancelled(signal);
    const paths = lacking.map(([label]) => `labels.${label}`);
    await store.update({ digest, labels: Object.fromEntries(lacking) }, paths);
  }
}
