import type { BigIntStats } from "node:fs";
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { lstat, open, unlink } from "node:fs/promises";
import type { Digest } from "../../../content/digest.ts";
import { cancelled, isKind, throwIfCancelled } from "../../../content/errors.ts";
import type { Info } from "../../../content/store.ts";
import { noSuchBlob, wrongBytes } from "../refusals.ts";
import type { Layout } from "./layout.ts";
import { createOpenFiles } from "./open-files.ts";
import type { QuickReads } from "./quick-reads.ts";
import { createQuickReads } from "./quick-reads.ts";
import { committedAt } from "./stamp.ts";
import { codeOf, systemError } from "./system-error.ts";
import type { BlobFile, Verdicts } from "./verdicts.ts";
import { createVerdicts } from "./verdicts.ts";

/** The files of committed blobs. */
export interface Blobs extends AsyncDisposable {
  readonly verdicts: Verdicts;
  readonly quick: QuickReads;
  /** Blobs that have their name but are not durable yet; to everybody they are not there. */
  readonly unpublished: Set<Digest>;
  /** @throws `not-found`; `data-loss` for what is no file */
  info(digest: Digest): Promise<Info>;
  /** Open a blob whose bytes are right. @throws `not-found`; `data-loss`; `cancelled` */
  open(digest: Digest, signal?: AbortSignal): Promise<BlobFile>;
  /** True for one that is there with the right bytes. */
  isGood(digest: Digest): Promise<boolean>;
  /** @throws `not-found` */
  delete(digest: Digest): Promise<void>;
}

/** Never through a symlink, never waiting for the other end of a pipe. */
const openFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export function createBlobs(layout: Layout): Blobs {
  const verdicts = createVerdicts();
  const unpublished = new Set<Digest>();
  const files = createOpenFiles();

  /** What has a name but is not durable may lose it again, and its file must not be kept. */
  function refuseUnpublished(digest: Digest): void {
    if (unpublished.has(digest)) throw noSuchBlob(digest);
  }

  async function openAnew(digest: Digest): Promise<BlobFile> {
    refuseUnpublished(digest);
    const path = layout.blob(digest);
    const opened = await openFile(path, digest);
    try {
      refuseUnpublished(digest);
    } catch (error) {
      await opened.handle.close();
      throw error;
    }
    return files.keep(digest, path, opened);
  }

  /** A file that is kept and known to be right, as nearly every read of many finds it: without a wait. */
  function openKept(digest: Digest): BlobFile | undefined {
    if (unpublished.has(digest)) return undefined;
    const file = files.find(digest);
    if (file === undefined || verdicts.knows(digest, file.stat)) return file;
    file.close();
    return undefined;
  }

  async function openGood(digest: Digest): Promise<BlobFile> {
    const file = files.find(digest) ?? (await openAnew(digest));
    try {
      refuseUnpublished(digest);
      await verdicts.check(digest, file);
      return file;
    } catch (error) {
      file.close();
      throw systemError(error, `read content ${digest}`);
    }
  }

  return {
    verdicts,
    quick: createQuickReads(),
    unpublished,
    async info(digest) {
      const stat = await statOf(layout.blob(digest), digest);
      if (unpublished.has(digest)) throw noSuchBlob(digest);
      return infoOf(digest, stat);
    },
    async open(digest, signal) {
      throwIfCancelled(signal);
      return openKept(digest) ?? orCancelled(openGood(digest), signal, (file) => file.close());
    },
    async isGood(digest) {
      try {
        const file = await openGood(digest);
        file.close();
        return true;
      } catch (error) {
        if (isKind(error, "not-found") || isKind(error, "data-loss")) return false;
        throw error;
      }
    },
    async delete(digest) {
      const path = layout.blob(digest);
      if (unpublished.has(digest)) throw noSuchBlob(digest);
      try {
        await unlink(path);
      } catch (error) {
        throw codeOf(error) === "ENOENT" ? noSuchBlob(digest) : systemError(error, `delete content ${digest}`);
      }
      verdicts.forget(digest);
      files.forget(digest);
    },
    [Symbol.asyncDispose]: () => files[Symbol.asyncDispose](),
  };
}

async function openFile(path: string, digest: Digest): Promise<Omit<BlobFile, "close">> {
  let handle: FileHandle;
  try {
    handle = await open(path, openFlags);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT") throw noSuchBlob(digest);
    // A symlink; a socket.
    if (code === "ELOOP" || code === "ENXIO") throw wrongBytes(digest, error);
    throw systemError(error, `open content ${digest}`);
  }
  try {
    const stat = await handle.stat({ bigint: true });
    if (!stat.isFile()) throw wrongBytes(digest);
    return { handle, stat };
  } catch (error) {
    await handle.close();
    throw systemError(error, `open content ${digest}`);
  }
}

async function statOf(path: string, digest: Digest): Promise<BigIntStats> {
  try {
    const stat = await lstat(path, { bigint: true });
    if (!stat.isFile()) throw wrongBytes(digest);
    return stat;
  } catch (error) {
    throw codeOf(error) === "ENOENT" ? noSuchBlob(digest) : systemError(error, `look at content ${digest}`);
  }
}

function infoOf(digest: Digest, stat: BigIntStats): Info {
  const createdAt = committedAt(stat);
  return { digest, size: Number(stat.size), createdAt, updatedAt: createdAt, labels: {} };
}

/** What a promise settles to, or `cancelled` before that; then what it still opens is closed. */
function orCancelled<T>(work: Promise<T>, signal: AbortSignal | undefined, undo: (result: T) => void): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(cancelled());
      work.then(undo).catch(() => undefined);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
