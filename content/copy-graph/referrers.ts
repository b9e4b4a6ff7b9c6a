import type { CopyTarget } from "../copy.ts";
import type { Digest } from "../digest.ts";
import { ContentError } from "../errors.ts";
import { documentKind, parseDocument, subjectLabel } from "../references.ts";
import type { Info, Store } from "../store.ts";
import { readDocument } from "./find-document.ts";

/** The labels by which a store knows what a blob is about. */
const labels = [subjectLabel, "containerd.io/gc.bref.content"] as const;

/** Blobs with such a label that are remembered. */
const maxReferrers = 100_000;

/** What a manifest is that does not say so. */
const defaultMediaType = "application/vnd.oci.image.manifest.v1+json";

/**
 * What is about blobs, as labels say and the documents themselves confirm. What is put among the blobs meanwhile is looked
 * at too.
 */
export async function* referrersIn(
  store: Pick<Store, "walk" | "readerAt">,
  blobs: ReadonlyMap<Digest, unknown>,
  signal: AbortSignal,
): AsyncGenerator<CopyTarget, void, undefined> {
  const referrers = await labelledIn(store, signal);
  if (referrers.size === 0) return;
  for (const subject of blobs.keys()) {
    for (const { digest, size } of referrers.get(subject) ?? []) {
      const mediaType = await mediaTypeIfAbout(store, digest, subject, signal);
      if (mediaType !== undefined) yield { digest, size, mediaType };
    }
  }
}

/** By what their labels say that they are about. */
async function labelledIn(
  store: Pick<Store, "walk">,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Pick<Info, "digest" | "size">[]>> {
  const found = new Map<string, Pick<Info, "digest" | "size">[]>();
  let count = 0;
  const filters = labels.map((label) => `labels.${JSON.stringify(label)}`);
  for await (const { digest, size, labels: own } of store.walk(filters, signal)) {
    count += 1;
    if (count > maxReferrers) throw new ContentError("resource-exhausted", `more than ${maxReferrers} referrers`);
    for (const subject of new Set(labels.map((label) => own[label]))) {
      if (subject === undefined) continue;
      const known = found.get(subject);
      if (known === undefined) found.set(subject, [{ digest, size }]);
      else known.push({ digest, size });
    }
  }
  return found;
}

/** @returns undefined where the document is not about that */
async function mediaTypeIfAbout(
  store: Pick<Store, "readerAt">,
  digest: Digest,
  subject: Digest,
  signal: AbortSignal,
): Promise<string | undefined> {
  const bytes = await readDocument(store, digest, signal);
  if (bytes === undefined) return undefined;
  const { mediaType = defaultMediaType, references } = parseDocument(bytes, "manifest");
  const kind = documentKind(mediaType);
  if (kind !== "manifest" && kind !== "index") return undefined;
  const isAbout = references.some(({ role, digest: named }) => role === "subject" && named === subject);
  return isAbout ? mediaType : undefined;
}
