import { resolve } from "node:path";
import type { Logger } from "pino";
import { isKind, throwIfCancelled } from "../../../content/errors.ts";
import { parseDigest } from "../../../content/parse-digest.ts";
import { createLeftOut } from "../../mirror/left-out.ts";
import type { MirrorSource } from "../../mirror/source.ts";
import { createVerdicts } from "../local/verdicts.ts";
import type { ContentReads } from "../read-only.ts";
import { noContent, readOnlyStore } from "../read-only.ts";
import { noSuchIngest } from "../refusals.ts";
import { infoOf, openBlob, walkBlobs } from "./blobs.ts";
import { checkSame, findFolder, findLayout } from "./folder.ts";
import { hintsOf } from "./hints.ts";
import { folderNameOf, imagesIn } from "./images.ts";
import { createFolderReader } from "./reader.ts";

/** A layout knows no namespaces; this is the one that clients use which are told none. */
const namespace = "default";

/**
 * Why a folder is never changed: those that write it (skopeo, umoci, BuildKit) know no lock that could be held meanwhile, and each
 * writes `index.json` whole, so that the later of two would undo what the other one did.
 */
const refusal = "a folder is only read, since the tools that write it know no lock; change it with them";

export interface OciLayoutOptions {
  /** Told of what cannot be shown. */
  readonly logger: Logger;
}

/**
 * A folder with an OCI image layout, such as skopeo, umoci and a BuildKit's local cache make. Nobody else's folder is trusted: what it
 * holds is checked as it is read, and no link in it is followed. It is looked at anew each time, whatever became of it.
 *
 * @param path of the folder; it need not be there yet
 */
export function openOciLayoutSource(path: string, { logger }: OciLayoutOptions): MirrorSource {
  const target = resolve(path);
  const folderName = folderNameOf(target);
  const leftOut = createLeftOut(logger);
  const reads = readsOf(target, leftOut);
  const watch = createWatch(target);
  return {
    target,
    collects: false,
    unchangeable: refusal,
    async ping() {
      const { version, identity } = await findLayout(target);
      watch.found(identity);
      return version === undefined ? undefined : `OCI image layout ${version}`;
    },
    namespaces: async () => [{ name: namespace, labels: {} }],
    in: (scope) => readOnlyStore(scope.namespace === namespace ? reads : noContent, refusal),
    images: {
      async *list(of, signal) {
        if (of !== namespace) return;
        const { root } = await findLayout(target);
        yield* imagesIn({ root, folderName }, leftOut, signal);
      },
    },
    hints: watch.hints,
    // A file is closed with its reader, and hints end with their signal.
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** Watches the folder that is there, and another one once it takes its place. */
function createWatch(path: string) {
  let watched: { readonly identity: string; readonly end: AbortController } | undefined;
  return {
    /** It was looked at: of another folder than the one that is watched, that one tells nothing. */
    found(identity: string): void {
      if (watched !== undefined && watched.identity !== identity) watched.end.abort();
    },
    async *hints(signal: AbortSignal): AsyncGenerator<void, void, undefined> {
      while (!signal.aborted) {
        const { root, identity } = await findLayout(path);
        const end = new AbortController();
        watched = { identity, end };
        yield* hintsOf(root, AbortSignal.any([signal, end.signal]));
      }
    },
  };
}

function readsOf(path: string, leftOut: ReturnType<typeof createLeftOut>): ContentReads {
  // Somebody else's files keep their times.
  const verdicts = createVerdicts(false);

  /** What is not in a folder that is no layout any more, such as one that was unmounted, is not known to be gone. */
  async function inLayout<T>(ask: (root: string) => Promise<T>): Promise<T> {
    const { root } = await findFolder(path);
    try {
      return await ask(root);
    } catch (error) {
      if (isKind(error, "not-found")) await findLayout(path);
      throw error;
    }
  }

  return {
    info: (digest) => inLayout((root) => infoOf(root, parseDigest(digest))),
    async *walk(filters, signal) {
      const found = await findLayout(path);
      yield* walkBlobs(found.root, leftOut, filters, signal);
      // Otherwise what is missing at the end would be taken for gone.
      await checkSame(path, found);
    },
    async readerAt({ digest }, signal) {
      throwIfCancelled(signal);
      const file = await inLayout((root) => openBlob(root, parseDigest(digest)));
      return createFolderReader(digest, file, verdicts, signal);
    },
    async status(ref) {
      throw noSuchIngest(ref);
    },
    async *listStatuses() {},
  };
}
