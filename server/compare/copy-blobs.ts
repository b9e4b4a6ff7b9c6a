import { copy } from "../../content/copy.ts";
import type { Digest } from "../../content/digest.ts";
import { ContentError, isKind, throwIfCancelled } from "../../content/errors.ts";
import { isLocked } from "../../content/open-writer.ts";
import { refKey } from "../../content/references.ts";
import type { Store } from "../../content/store.ts";
import { toConnectError } from "../../content/wire.ts";
import type { CopyState } from "./copy-state.ts";
import { lookInto, ranks } from "./rank.ts";
import type { PlacedRow, Rank } from "./report-job.ts";
import type { KeptReport } from "./reports.ts";
import { named, namingErrors } from "./side.ts";

/** Blobs that are copied at once. */
const parallel = 4;

/** Milliseconds in which somebody else who writes the same blob may end: it is there then. After that it is told who that is. */
const lockMs = 5 * 60_000;

/** Rows that are read of the report at once. */
const rowsAtOnce = 256;

/** So many failures in a row because a store does not answer, and it is given up; so many in all. */
const most = { unanswered: 8, failures: 10_000 } as const;

/** What is copied, from where, to where. */
export interface BlobCopy {
  readonly report: KeptReport;
  readonly part: PlacedRow["part"];
  /** Absent: all of the part. */
  readonly digests?: readonly Digest[];
  /** The stores of the side's namespaces, and what errors call them. */
  readonly from: { readonly stores: readonly Pick<Store, "info" | "readerAt">[]; readonly label: string };
  readonly to: { readonly store: Pick<Store, "info" | "update" | "writer">; readonly label: string };
  readonly state: CopyState;
  /** Told of what is nobody's fault but ours. */
  readonly failed: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/**
 * Copy the blobs of a part, what names others after them. A blob that fails is told in the state, and so is why it was given up.
 *
 * @throws `cancelled`
 */
export async function copyBlobs(task: BlobCopy): Promise<void> {
  const { state, signal } = task;
  let unanswered = 0;

  function fail(row: PlacedRow, thrown: unknown): void {
    throwIfCancelled(signal);
    const error = atSide(task, thrown);
    state.fail({ digest: row.digest, size: row.size, reason: reasonOf(task, error) });
    unanswered = isKind(error, "unavailable") && !isLocked(thrown) ? unanswered + 1 : 0;
    const isHopeless = hopeless.some((kind) => isKind(error, kind)) || unanswered >= most.unanswered;
    if (isHopeless) state.givenUp ||= reasonOf(task, error);
    else if (state.failed.size >= most.failures) state.givenUp ||= `${most.failures} blobs could not be copied`;
  }

  async function work(rows: AsyncGenerator<PlacedRow>): Promise<void> {
    for await (const row of rows) {
      if (state.givenUp !== "") return;
      try {
        if (await comesLater(task, row)) continue;
        await copyOne(task, row);
        unanswered = 0;
      } catch (error) {
        fail(row, error);
      }
    }
  }

  for (let rank: Rank = 0; rank <= ranks.most && state.givenUp === ""; rank += 1) {
    const rows = rowsOf(task, rank);
    // Whoever leaves early ends the rows for all.
    const ends = await Promise.allSettled(Array.from({ length: parallel }, () => work(rows)));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }
}

/** What the next blob would fail with as well. */
const hopeless = ["resource-exhausted", "permission-denied", "unauthenticated"] as const;

/** Rows of a rank, as they are needed. */
async function* rowsOf({ report, part, digests }: BlobCopy, rank: Rank): AsyncGenerator<PlacedRow, void, undefined> {
  if (digests !== undefined) {
    const found = await report.file.ask("find", { part, digests });
    yield* found.filter((row) => row.rank === rank);
    return;
  }
  for (let after = -1; ; ) {
    const rows = await report.file.ask("ranked", { part, rank, after, limit: rowsAtOnce });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsAtOnce) return;
    after = last.place;
  }
}

/** Finds out what a blob names, as far as that matters. @returns true where it has to wait for others @throws where one of those failed */
async function comesLater(task: BlobCopy, row: PlacedRow): Promise<boolean> {
  const { report, part, state, signal } = task;
  const isKnown = row.rank === ranks.manifest && state.failed.size === 0;
  if (isKnown) return false;
  const { rank: looked, names } = await lookInto(sourceOf(task, row), row, signal);
  const rank = row.rank === ranks.leaf ? looked : await rankAmong(task, row, names);
  if (rank !== row.rank && rank <= ranks.most) {
    await report.file.ask("rank", { part, place: row.place, rank });
    return true;
  }
  const lost = names.find((digest) => state.failed.has(digest));
  if (lost === undefined) return false;
  throw new ContentError("failed-precondition", `it names ${lost}, which could not be copied`);
}

/** A document that names one of its own rank or of a higher one comes after that. */
async function rankAmong({ report, part }: BlobCopy, row: PlacedRow, names: readonly Digest[]): Promise<Rank> {
  if (row.rank < ranks.index) return row.rank;
  const others = await report.file.ask("find", { part, digests: names });
  return others.some(({ rank, digest }) => rank >= row.rank && digest !== row.digest) ? row.rank + 1 : row.rank;
}

async function copyOne(task: BlobCopy, row: PlacedRow): Promise<void> {
  const { to, state, signal } = task;
  const { digest, size } = row;
  const onProgress = (offset: number): void => state.reached(digest, offset);
  try {
    const options = { ref: refOf(row), timeoutMs: lockMs, signal, keepLabel, onProgress };
    const done = await copy(sourceOf(task, row), to.store, { digest, size }, options);
    state.done(done);
  } catch (error) {
    throw wrongBytes.test(messageOf(error)) ? damaged(task, digest, error) : error;
  }
}

/** As a containerd that pulls it names the ingest, so that both do not write the same bytes twice. */
function refOf({ digest, kind }: PlacedRow): string {
  const isNamed = kind !== "unknown" && kind !== "attestation";
  return isNamed ? `${kind}-${digest}` : refKey({ digest });
}

/** Only the commit tells that bytes are wrong, in the name of where they came to; containerd's text, and that of others after it. */
const wrongBytes = /unexpected commit digest/;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "";
}

function damaged({ from }: BlobCopy, digest: Digest, cause: unknown): ContentError {
  return new ContentError("data-loss", `${from.label}: content ${digest} came with other bytes`, { cause });
}

/** What of the labels says what a blob needs is copied; what keeps it of itself, or not for ever, is not. */
function keepLabel(key: string): boolean {
  return !key.startsWith("containerd.io/gc.") || /^containerd\.io\/gc\.b?ref\./.test(key);
}

/** Where a blob is, with errors that say so. */
function sourceOf({ from }: BlobCopy, { at }: PlacedRow): Pick<Store, "info" | "readerAt"> {
  const store = from.stores[at];
  if (store === undefined) throw new ContentError("not-found", `${from.label}: the namespace is not there any more`);
  return {
    info: (digest, signal) => namingErrors(from.label, () => store.info(digest, signal)),
    async readerAt(descriptor, signal) {
      const reader = await namingErrors(from.label, () => store.readerAt(descriptor, signal));
      return {
        size: reader.size,
        read: (...part) => namingErrorsOf(from.label, reader.read(...part)),
        close: () => reader.close(),
        [Symbol.asyncDispose]: () => reader.close(),
      };
    },
  };
}

async function* namingErrorsOf<T>(name: string, chunks: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  try {
    yield* chunks;
  } catch (error) {
    throw named(name, error);
  }
}

/** What is not known to be of where it comes from is of where it goes. */
function atSide({ from, to }: BlobCopy, error: unknown): unknown {
  const isNamed = error instanceof ContentError && error.message.startsWith(`${from.label}: `);
  return isNamed ? error : named(to.label, error);
}

/** For people, in one line. */
function reasonOf({ failed }: BlobCopy, error: unknown): string {
  if (error instanceof ContentError && error.kind !== "internal") return toConnectError(error).rawMessage;
  failed(error);
  return "an internal error; the server's log has it";
}
