import type { BigIntStats } from "node:fs";
import { lstatSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { LRUCache } from "lru-cache";
import type { Digest } from "../../../content/digest.ts";
import type { BlobFile } from "./verdicts.ts";

/** Files that are kept open while nobody reads them; each is a descriptor of the process. */
const maxKept = 256;

/**
 * Files of blobs that stay open between two reads: containerd's reader makes a call for every 32 KiB. A file is used only while it
 * still is what its path names, so that whatever becomes of the path is noticed as if it were opened anew.
 */
export interface OpenFiles extends AsyncDisposable {
  /** The file that is kept for a blob, as it is now; absent: none is. Close it as one that was opened. */
  find(digest: Digest): BlobFile | undefined;
  /** Keep a file that was just opened at that path. @returns the same, to be closed in its place */
  keep(digest: Digest, path: string, file: Omit<BlobFile, "close">): BlobFile;
  /** Close a blob's file once nobody reads it. */
  forget(digest: Digest): void;
}

/** A file with those who read it. */
interface Shared {
  readonly handle: FileHandle;
  readonly path: string;
  readonly opened: Pick<BigIntStats, "dev" | "ino">;
  readers: number;
  kept: boolean;
}

export function createOpenFiles(): OpenFiles {
  const closing = new Set<Promise<void>>();

  function closeUnused(file: Shared): void {
    if (file.kept || file.readers > 0) return;
    const closed = file.handle.close().catch(() => undefined);
    closing.add(closed);
    void closed.finally(() => closing.delete(closed));
  }

  const files = new LRUCache<Digest, Shared>({
    max: maxKept,
    dispose(file) {
      file.kept = false;
      closeUnused(file);
    },
  });

  function read(file: Shared, stat: BlobFile["stat"]): BlobFile {
    file.readers += 1;
    let open = true;
    const close = (): void => {
      if (!open) return;
      open = false;
      file.readers -= 1;
      closeUnused(file);
    };
    return { handle: file.handle, stat, close };
  }

  return {
    find(digest) {
      const file = files.get(digest);
      if (file === undefined) return undefined;
      // At once, since the system has the inode of an open file in memory.
      const stat = lstatSync(file.path, { bigint: true, throwIfNoEntry: false });
      if (stat?.ino === file.opened.ino && stat.dev === file.opened.dev) return read(file, stat);
      files.delete(digest);
      return undefined;
    },
    keep(digest, path, { handle, stat }) {
      const file: Shared = { handle, path, opened: stat, readers: 0, kept: true };
      const reading = read(file, stat);
      files.set(digest, file);
      return reading;
    },
    forget: (digest) => void files.delete(digest),
    async [Symbol.asyncDispose]() {
      files.clear();
      await Promise.all(closing);
    },
  };
}
