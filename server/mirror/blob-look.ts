import { setImmediate as nextTurn } from "node:timers/promises";
import type { Digest } from "../../content/digest.ts";
import { isKind } from "../../content/errors.ts";
import { microsOf } from "../../content/instant.ts";
import type { Info } from "../../content/store.ts";
import type { Unnumbered } from "../feed/change.ts";
import { findBlob, insertBlob, removeBlobRow, updateBlob } from "../metadata/blobs.ts";
import type { Connection } from "../metadata/database/connection.ts";
import { queries, withValues } from "../metadata/database/queries.ts";
import { labelsToColumn } from "../metadata/labels-column.ts";
import type { Asking } from "./asking.ts";
import type { MirrorCore } from "./core.ts";

/** Rows that are read at once. */
const pageRows = 500;

/** Changes of one transaction: a few milliseconds. */
const changesAtOnce = 50;

/** Blobs that are compared in one turn of the event loop. */
const blobsOfTurn = 500;

/** What a namespace has of a digest by what the source told; no info: nothing. */
interface Told {
  readonly digest: Digest;
  readonly info?: Info;
}

/** What a look does besides. */
export interface BlobLook {
  readonly ask: Asking;
  /** Waited for now and then, with what was seen since. */
  pause(seen: number): Promise<void>;
}

/**
 * Bring the rows of a namespace to what the source lists, by going through both in the order of digests: whatever is stored, this
 * takes the memory of a page, and of the digests that the list passed over: of what is gone there, and of a list in another order.
 *
 * @param listed absent: it lists nothing, since the namespace is not there
 * @throws what the source throws
 */
export async function lookAtBlobs(
  core: MirrorCore,
  namespace: string,
  { ask, pause }: BlobLook,
  listed = ask.each((signal) => core.source.in({ namespace }).walk([], signal)),
): Promise<void> {
  const rows = createRowsToTake(core.rows.database.main, namespace);
  const changes = collectChanges(core, namespace, ask);
  let seen = 0;
  for await (const told of listed) {
    seen += 1;
    if (seen % blobsOfTurn === 0) await ask.aside(() => pause(blobsOfTurn));
    const info = core.accept.blob(namespace, told);
    if (info === undefined) continue;
    if (!rows.take(info)) await changes.add({ digest: info.digest, info });
  }
  for (const digest of rows.left()) await changes.add({ digest });
  await changes.flush();
  await pause(seen % blobsOfTurn);
}

/** Look at one blob by itself. */
export async function lookAtBlob(core: MirrorCore, namespace: string, digest: Digest, ask: Asking): Promise<void> {
  const info = await findAtSource(core, namespace, digest, ask);
  core.asides.add(namespace, digest);
  await core.rows.transactions.brief((tables, note) =>
    applyBlob(tables, note, namespace, { digest, ...(info && { info }) }),
  );
}

/** What the source knows of a blob; absent where it has none, or none that can be shown. */
export async function findAtSource(
  core: MirrorCore,
  namespace: string,
  digest: Digest,
  ask: Asking,
): Promise<Info | undefined> {
  try {
    const told = await ask.one((signal) => core.source.in({ namespace }).info(digest, signal));
    return told.digest === digest ? core.accept.blob(namespace, told) : undefined;
  } catch (error) {
    if (isKind(error, "not-found")) return undefined;
    throw error;
  }
}

/** Let a namespace have what it has. What the row says by now is asked first. */
export function applyBlob(
  tables: Connection,
  note: (change: Unnumbered) => void,
  namespace: string,
  { digest, info }: Told,
): void {
  const before = findBlob(tables, namespace, digest);
  if (before === undefined) {
    if (info !== undefined) insertBlob(tables, note, { namespace, info });
    return;
  }
  const isSame = info !== undefined && isSameBlob(before, info);
  if (!isSame) removeBlobRow(tables, note, { namespace, info: before });
  if (info === undefined) return;
  if (!isSame) insertBlob(tables, note, { namespace, info });
  else if (!isAlike(before, info)) updateBlob(tables, note, namespace, before, info);
}

/** One that went and came again is another one. */
function isSameBlob(before: Info, info: Info): boolean {
  return info.size === before.size && microsOf(info.createdAt) === microsOf(before.createdAt);
}

function isAlike(before: Info, info: Info): boolean {
  const isSameTime = isTimeOf(info, microsOf(before.updatedAt));
  return isSameTime && labelsToColumn(before.labels) === labelsToColumn(info.labels);
}

/** A containerd 1.6 tells in a list when a blob was made, and only of a single one when it was changed since. */
function isTimeOf({ createdAt, updatedAt }: Info, knownMicros: unknown): boolean {
  return microsOf(updatedAt) === knownMicros || microsOf(updatedAt) === microsOf(createdAt);
}

/** Changes, some to a transaction. */
function collectChanges({ rows: { transactions }, asides }: MirrorCore, namespace: string, ask: Asking) {
  let waiting: Told[] = [];

  async function apply(changes: readonly Told[]): Promise<void> {
    await transactions.brief((tables, note) => {
      for (const change of changes) {
        if (!asides.has(namespace, change.digest)) applyBlob(tables, note, namespace, change);
      }
    });
    await nextTurn();
  }

  async function flush(): Promise<void> {
    const changes = waiting;
    waiting = [];
    if (changes.length > 0) await ask.aside(() => apply(changes));
  }

  return {
    async add(change: Told): Promise<void> {
      waiting.push(change);
      if (waiting.length >= changesAtOnce) await flush();
    },
    flush,
  };
}

interface StoredRow {
  readonly digest: Digest;
  /** True where the row says the same. */
  is(info: Info): boolean;
}

/** The next rows of a namespace behind a digest, as values. */
const nextRows = queries
  .selectFrom("blob")
  .select(["digest", "size", "created_at", "updated_at", "labels"])
  .where("namespace", "=", "")
  .where("digest", ">", "")
  .orderBy("digest")
  .limit(pageRows)
  .compile();

/** The rows of a namespace in the order of digests, a page of them at a time. */
function* storedBlobs(connection: Connection, namespace: string): Generator<StoredRow, undefined, undefined> {
  let after = "";
  for (;;) {
    const page = connection.arrays(withValues(nextRows, [namespace, after, pageRows]));
    for (const [digest, size, createdAt, updatedAt, labels] of page) {
      after = digest as Digest;
      yield {
        digest: after as Digest,
        is: (info) =>
          info.size === size &&
          microsOf(info.createdAt) === createdAt &&
          isTimeOf(info, updatedAt) &&
          labelsToColumn(info.labels) === labels,
      };
    }
    if (page.length < pageRows) return undefined;
  }
}

/** The rows of a namespace, each taken by whoever finds its digest in a list. */
interface RowsToTake {
  /** @returns true where its row says the same; false where it says something else, or there is none, or it was taken already */
  take(info: Info): boolean;
  /** Those that nobody took. Nothing is taken any more. */
  left(): Generator<Digest, void, undefined>;
}

/** Quick where they are taken in the order of digests. A row that is passed over may be taken later, and is read once more then. */
function createRowsToTake(connection: Connection, namespace: string): RowsToTake {
  const rows = storedBlobs(connection, namespace);
  const passedOver = new Set<Digest>();
  let row = rows.next().value;
  let furthest = "";

  function takePassedOver(info: Info): boolean {
    const found = passedOver.delete(info.digest) ? findBlob(connection, namespace, info.digest) : undefined;
    return found !== undefined && isSameBlob(found, info) && isAlike(found, info);
  }

  return {
    take(info) {
      const { digest } = info;
      if (digest <= furthest) return takePassedOver(info);
      furthest = digest;
      for (; row !== undefined && row.digest < digest; row = rows.next().value) passedOver.add(row.digest);
      if (row?.digest !== digest) return false;
      const isSame = row.is(info);
      row = rows.next().value;
      return isSame;
    },
    *left() {
      yield* passedOver;
      for (; row !== undefined; row = rows.next().value) yield row.digest;
    },
  };
}
