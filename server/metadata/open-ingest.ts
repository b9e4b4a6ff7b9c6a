import { describeCaller } from "../../content/caller.ts";
import { declaredSize } from "../../content/descriptor.ts";
import type { Digest } from "../../content/digest.ts";
import { algorithmOf } from "../../content/digest.ts";
import { ContentError } from "../../content/errors.ts";
import { validateRef } from "../../content/identifiers.ts";
import { parseDigest } from "../../content/parse-digest.ts";
import type { Info, Scope, Writer, WriterOptions } from "../../content/store.ts";
import { findBlob } from "./blobs.ts";
import type { Core } from "./core.ts";
import { dropBelow, dropIngest } from "./drop-ingest.ts";
import type { IngestDeclaration, StoredIngest } from "./ingest-rows.ts";
import { declareIngest, findIngest, findIngestById, findOrInsertIngest } from "./ingest-rows.ts";
import { createIngestWriter } from "./ingest-writer.ts";
import { joinLease, requireLease } from "./lease-rows.ts";
import { ensureNamespace } from "./namespaces.ts";
import { isShared } from "./sharing.ts";
import { toStoreRef } from "./store-ref.ts";

/** A ref of a namespace that is open below. */
interface Opened {
  readonly row: StoredIngest;
  readonly resumed: boolean;
  readonly inner: Writer;
}

/**
 * Open a ref in a namespace (containerd's metadata/content.go, Writer).
 *
 * The declared digest is kept back from the store below: there it may be held for another namespace, and a caller is only told
 * of what is in its own. A blob that another namespace holds is offered whole instead (containerd's shared policy), unless the namespaces are isolated.
 */
export async function openIngest(
  core: Core,
  scope: Scope,
  options: WriterOptions,
  signal?: AbortSignal,
): Promise<Writer> {
  validateRef(options.ref);
  for (;;) {
    const writer = await tryOpen(core, scope, options, signal);
    if (writer !== undefined) return writer;
  }
}

/** @returns absent where the ingest ended while it opened, by a commit or because somebody dropped it: then all is asked anew */
async function tryOpen(
  core: Core,
  scope: Scope,
  options: WriterOptions,
  signal: AbortSignal | undefined,
): Promise<Writer | undefined> {
  const size = declaredSize(options.descriptor?.size);
  const digest = options.descriptor?.digest && parseDigest(options.descriptor.digest);
  requireLease(core.connection, scope);
  if (digest !== undefined) await refuseExisting(core, scope, options.ref, digest);
  const offered = digest && (await findOffered(core, digest, size));
  const declared = { ...(digest && { digest }), ...(size !== undefined && { size }) };
  const wanted = {
    scope,
    ref: options.ref,
    declaration: { expected: digest, offered: offered?.digest, leased: isTimeless(core, scope) },
    size: offered === undefined ? size : undefined,
    algorithm: options.algorithm ?? (digest && algorithmOf(digest)),
  };
  const opened = await openBelow(core, wanted, signal);
  const { row, inner } = opened;
  try {
    await endOfCommit(core, row);
    const holder = describeCaller(scope.caller);
    const writer = await createIngestWriter(core, { ...opened, declared, offered, holder, lease: scope.lease });
    if (writer !== undefined) return writer;
  } catch (error) {
    await inner.close();
    throw error;
  }
  // Whoever ended the ingest while it opened found nothing below to drop.
  await inner.close();
  await dropBelow(core, row);
  return undefined;
}

/** A commit lets go of the ref below a moment before its ingest has ended; until then the row is not the opener's. */
async function endOfCommit({ digests }: Core, { intent_digest }: StoredIngest): Promise<void> {
  if (intent_digest === null) return;
  using _held = await digests.hold(intent_digest);
}

/** True where an ingest has no time of its own: a lease holds it, or it is a containerd's to drop. */
function isTimeless({ backends }: Core, { lease, namespace }: Scope): boolean {
  return lease !== undefined || backends.has(namespace);
}

/** What is to be opened. */
interface Wanted {
  readonly scope: Scope;
  readonly ref: string;
  readonly declaration: IngestDeclaration;
  /** For the store below; absent: nothing is declared there. */
  readonly size: number | undefined;
  readonly algorithm: WriterOptions["algorithm"];
}

async function openBelow(core: Core, wanted: Wanted, signal: AbortSignal | undefined): Promise<Opened> {
  const { scope, ref, declaration, size, algorithm } = wanted;
  const { row, resumed } = await core.transactions.brief((tables, note) => {
    ensureNamespace(tables, note, scope.namespace);
    joinLease(tables, note, scope, { type: "ingests", id: ref });
    return findOrInsertIngest(tables, scope.namespace, ref, declaration);
  });
  try {
    const inner = await core.below.writer(
      {
        ref: toStoreRef(row),
        ...(size !== undefined && { descriptor: { size } }),
        ...(algorithm !== undefined && { algorithm }),
        ...(scope.waitMs !== undefined && { waitMs: scope.waitMs }),
      },
      signal,
    );
    // What it declares counts once the ref is its own.
    if (resumed) await core.transactions.brief((tables) => declareIngest(tables, row.id, declaration));
    return { row: findIngestById(core.connection, row.id) ?? row, resumed, inner };
  } catch (error) {
    if (!resumed) await dropIngest(core, row, { outcome: "aborted", by: "" });
    throw inNamespace(core, row, error);
  }
}

/** @throws `already-exists` where the namespace holds the blob and its bytes are right; an ingest on that ref that nobody writes is dropped */
async function refuseExisting(core: Core, scope: Scope, ref: string, digest: Digest): Promise<void> {
  if (findBlob(core.connection, scope.namespace, digest) === undefined) return;
  if ((await findRight(core, digest)) === undefined) return;
  if (!(await keepExisting(core, scope, digest))) return;
  const row = findIngest(core.connection, scope.namespace, ref);
  if (row !== undefined && core.writers.get(row.id) === undefined)
    await dropIngest(core, row, { outcome: "existed", digest, by: describeCaller(scope.caller) });
  throw new ContentError("already-exists", `content ${digest}`);
}

/**
 * The caller is about to count on a blob of its namespace: it joins the caller's lease, and no collection that is under way
 * removes it.
 *
 * @returns false where it went meanwhile
 */
async function keepExisting(core: Core, scope: Scope, digest: Digest): Promise<boolean> {
  const { namespace, lease } = scope;
  if (lease === undefined) {
    core.barrier.touch(namespace, { kind: "content", key: digest });
    return findBlob(core.connection, namespace, digest) !== undefined;
  }
  return await core.transactions.durable((tables, note) => {
    if (findBlob(tables, namespace, digest) === undefined) return false;
    joinLease(tables, note, scope, { type: "content", id: digest });
    return true;
  });
}

/** @param size bytes declared; another size than the blob's is an error that the commit shows */
async function findOffered(core: Core, digest: Digest, size: number | undefined): Promise<Info | undefined> {
  if (!isShared(core.connection, core.sharing, digest)) return undefined;
  const info = await findRight(core, digest);
  return size === undefined || size === info?.size ? info : undefined;
}

/** The blob below; absent where there is none, or where its bytes are known to be wrong: then it is to be written again. */
async function findRight({ below }: Core, digest: Digest): Promise<Info | undefined> {
  try {
    await using _reader = await below.readerAt({ digest });
    return await below.info(digest);
  } catch (error) {
    if (error instanceof ContentError && (error.kind === "not-found" || error.kind === "data-loss")) return undefined;
    throw error;
  }
}

/** What the store below says of its ref, said of the caller's, with who holds it. */
function inNamespace({ writers }: Core, row: StoredIngest, error: unknown): unknown {
  if (!(error instanceof ContentError)) return error;
  const { locked } = error.facts;
  return new ContentError(
    error.kind,
    error.message.replaceAll(toStoreRef(row), () => row.ref),
    {
      cause: error,
      ...error.facts,
      ...(locked && { locked: { ref: row.ref, since: locked.since, holder: writers.get(row.id)?.holder ?? "" } }),
    },
  );
}
