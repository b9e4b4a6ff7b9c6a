import { watch } from "node:fs";
import { basename, join } from "node:path";
import { algorithms, isDigest } from "../../../content/digest.ts";
import { blobsOf } from "./folder.ts";

/** What a layout consists of; others keep files beside it, such as those that become blobs. */
const parts: readonly string[] = ["index.json", "blobs", "oci-layout"];

/**
 * Says so once it listens, and each time that the system tells of a change in a layout. A disk of the network tells of none that others
 * make, and who may watch no more folders is told nothing.
 *
 * @throws errors of the system
 */
export async function* hintsOf(root: string, signal: AbortSignal): AsyncGenerator<void, void, undefined> {
  // Something may have come before it was watched.
  let isTold = true;
  let failure: Error | undefined;
  let wake = (): void => undefined;
  const tell = (error?: Error): void => {
    isTold = true;
    failure ??= error;
    wake();
  };
  const onAbort = (): void => tell();
  signal.addEventListener("abort", onAbort, { once: true });
  using watchers = watchLayout(root, tell);
  watchers.defer(() => signal.removeEventListener("abort", onAbort));
  for (;;) {
    if (!isTold) await new Promise<void>((resolve) => (wake = resolve));
    isTold = false;
    if (signal.aborted) return;
    if (failure !== undefined) throw failure;
    yield;
  }
}

/** Watch a layout, and the folders of blobs as they come and are replaced. */
function watchLayout(root: string, tell: (error?: Error) => void): DisposableStack {
  const watchers = new DisposableStack();
  let ofBlobs = new DisposableStack();

  function watchBlobs(): void {
    ofBlobs.dispose();
    ofBlobs = new DisposableStack();
    const rearranged = (): void => {
      tryWatchBlobs();
      tell();
    };
    ofBlobs.defer(watchIfThere(join(root, "blobs"), rearranged, tell));
    for (const algorithm of algorithms) {
      const came = (name: string): void => {
        if (isDigest(`${algorithm}:${name}`)) tell();
      };
      ofBlobs.defer(watchIfThere(blobsOf(root, algorithm), came, tell));
    }
  }

  function tryWatchBlobs(): void {
    try {
      watchBlobs();
    } catch (error) {
      tell(error instanceof Error ? error : new Error(String(error)));
    }
  }

  const changed = (name: string): void => {
    // The folder's own name is told when it is moved away.
    if (!parts.includes(name) && name !== basename(root)) return;
    if (name === "blobs") tryWatchBlobs();
    tell();
  };
  watchers.defer(() => ofBlobs.dispose());
  watchers.defer(watchIfThere(root, changed, tell));
  tryWatchBlobs();
  return watchers;
}

/** @returns ends it; a folder that is not there is watched once it comes */
function watchIfThere(directory: string, tell: (name: string) => void, fail: (error: Error) => void): () => void {
  try {
    const watcher = watch(directory, { persistent: false });
    watcher.on("change", (_event, name) => tell(String(name)));
    watcher.on("error", fail);
    return () => watcher.close();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return () => undefined;
    throw error;
  }
}
