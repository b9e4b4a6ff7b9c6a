import { declaredSize } from "../../content/descriptor.ts";
import type { Digest } from "../../content/digest.ts";
import { ContentError, isKind } from "../../content/errors.ts";
import { blobLabels, validateLabels, withoutEmptyLabels } from "../../content/labels.ts";
import { parseDigest } from "../../content/parse-digest.ts";
import { goQuote } from "../../content/quote.ts";
import type { CommitOptions, Labels } from "../../content/store.ts";
import { now } from "../clock.ts";
import { findBlob, insertBlob, isHeld } from "./blobs.ts";
import type { Core } from "./core.ts";
import { dropBelow } from "./drop-ingest.ts";
import type { StoredIngest } from "./ingest-rows.ts";
import { removeIngest, updateIngest } from "./ingest-rows.ts";
import { labelsToColumn } from "./labels-column.ts";
import { findLease, joinLease, requireLease } from "./lease-rows.ts";
import type { OpenedIngest } from "./opened-ingest.ts";

/** A blob that a namespace is to get. */
export interface Publication {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly labels: Labels;
}

type Committing = Omit<OpenedIngest, "resumed">;

/**
 * Make a blob of an ingest (containerd's metadata/content.go, Commit).
 *
 * What is to become of it is durable before the store below publishes the bytes, so that a crash between the two leaves either
 * the ingest or the blob: see recover.ts.
 *
 * @throws `failed-precondition` on a wrong size or digest, the ingest stays; `already-exists` where the namespace holds the
 * blob; `not-found` where the lease of the call is gone; `aborted` where somebody dropped the ingest meanwhile
 */
export async function commitIngest(core: Core, ingest: Committing, options: CommitOptions): Promise<Digest> {
  try {
    const publication = await check(ingest, options);
    using _held = await core.digests.hold(publication.digest);
    await declareIntent(core, ingest, publication);
    await commitBelow(core, ingest, publication);
    const existed = await publish(core, ingest, publication);
    if (existed) throw new ContentError("already-exists", `content ${publication.digest}`);
    return publication.digest;
  } catch (error) {
    await rememberRefusal(core, ingest.row, error);
    throw error;
  }
}

async function check(
  { row, inner, offered, declared }: Committing,
  { labels = {}, ...wanted }: CommitOptions,
): Promise<Publication> {
  const { offset } = await inner.status();
  // What the commit does not say was declared at the open, if at all.
  const size = declaredSize(wanted.size) ?? declared.size ?? 0;
  const expected = wanted.expected ? parseDigest(wanted.expected) : declared.digest;
  const actual = offered?.size ?? offset;
  const digest = offered?.digest ?? expected ?? inner.digest();
  if (digest === undefined) throw new Error("the store below does not tell the digest of what it was given");
  validateLabels(labels, blobLabels(digest));
  if (size > 0 && size !== actual) {
    throw new ContentError("failed-precondition", `${goQuote(row.ref)} failed size validation: ${actual} != ${size}`);
  }
  if (offered !== undefined && expected !== undefined && expected !== offered.digest) {
    throw new ContentError("failed-precondition", `${goQuote(row.ref)} unexpected digest`);
  }
  return { digest, size: actual, labels: withoutEmptyLabels(labels) };
}

async function declareIntent(
  core: Core,
  { row: { id, namespace, ref }, lease }: Committing,
  { digest, size, labels }: Publication,
): Promise<void> {
  const intent = {
    intent_digest: digest,
    intent_size: size,
    intent_labels: labelsToColumn(labels),
    intent_lease: lease ?? null,
  };
  const known = await core.transactions.durable((tables) => {
    requireLease(tables, { namespace, lease });
    return updateIngest(tables, id, intent);
  });
  if (!known) throw abortedIngest(ref);
}

async function commitBelow(
  core: Core,
  { row, inner, offered }: Committing,
  { digest, size }: Publication,
): Promise<void> {
  if (offered !== undefined) return await takeOffered(core, row, digest);
  try {
    await inner.commit({ size, expected: digest });
  } catch (error) {
    // Another namespace holds it, and this one may, now that it has shown the bytes.
    if (!isKind(error, "already-exists")) throw error;
  }
}

/** The blob may have gone from the namespace that held it; then its bytes are to be written after all. */
async function takeOffered(core: Core, row: StoredIngest, digest: Digest): Promise<void> {
  try {
    await core.below.info(digest);
  } catch (cause) {
    if (!isKind(cause, "not-found")) throw cause;
    await core.transactions.brief((tables) => updateIngest(tables, row.id, { offered: null }));
    throw new ContentError("failed-precondition", `content ${digest} is no longer here; write its bytes`, { cause });
  }
  await dropBelow(core, row);
}

/** @returns true where the namespace held the blob before @throws `aborted` */
async function publish(core: Core, { row, lease, holder: by }: Committing, publication: Publication): Promise<boolean> {
  const outcome = await core.transactions.durable((tables, note) => {
    if (removeIngest(tables, row.id) === undefined) return "gone";
    const { digest, size, labels } = publication;
    const { namespace, ref } = row;
    const existed = findBlob(tables, namespace, digest) !== undefined;
    const at = now();
    const before = core.writers.get(row.id);
    const end = { outcome: existed ? "existed" : "committed", digest, size, by, endedAt: at } as const;
    note({ kind: "ingest", namespace, ref, ...(before && { before }), end });
    core.writers.delete(row.id);
    if (!existed) insertBlob(tables, note, { namespace, info: { digest, size, createdAt: at, updatedAt: at, labels } });
    core.barrier.touch(namespace, { kind: "content", key: digest });
    // A lease that went since the intent would not keep it a moment longer.
    if (lease !== undefined && findLease(tables, namespace, lease)) {
      joinLease(tables, note, { namespace, lease }, { type: "content", id: digest });
    }
    return existed ? "existed" : "committed";
  });
  if (outcome !== "gone") return outcome === "existed";
  if (!isHeld(core.connection, publication.digest)) await core.below.delete(publication.digest);
  throw abortedIngest(row.ref);
}

/** No commit is under way. */
export const noIntent = { intent_digest: null, intent_size: null, intent_labels: null, intent_lease: null };

/** A refused commit is no end: the ingest stays, with the reason. */
async function rememberRefusal(core: Core, row: StoredIngest, error: unknown): Promise<void> {
  if (isKind(error, "already-exists") || isKind(error, "aborted")) return;
  const reason = error instanceof ContentError ? error.message : "internal error";
  await core.transactions.brief((tables) => {
    updateIngest(tables, row.id, { ...noIntent, last_error: reason });
  });
  const open = core.writers.get(row.id);
  if (open !== undefined) core.writers.set(row.id, { ...open, lastError: reason });
}

function abortedIngest(ref: string): ContentError {
  return new ContentError("aborted", `ingest ${ref} was aborted`);
}

/** The blob of a commit that a crash cut off, once its bytes are known to be below. */
export function publicationOf(row: StoredIngest): Publication | undefined {
  if (row.intent_digest === null || row.intent_size === null) return undefined;
  const labels = JSON.parse(row.intent_labels ?? "{}") as Labels;
  return { digest: row.intent_digest as Digest, size: row.intent_size, labels };
}
