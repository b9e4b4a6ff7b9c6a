import type { Digest } from "../../content/digest.ts";
import { isKind, throwIfCancelled } from "../../content/errors.ts";
import { readBytes } from "../../content/read-blob.ts";
import type { DocumentKind, Reference, SaidByLabels } from "../../content/references.ts";
import { kindOfReference, parseDocument } from "../../content/references.ts";
import type { Store } from "../../content/store.ts";
import type { SaidKind } from "./report-job.ts";

/** Documents that are read for one report, so many of them at once, and the bytes of one and of all: people make some of 10 KiB. */
const most = { documents: 5000, atOnce: 8, bytes: 1024 ** 2, allBytes: 64 * 1024 ** 2 } as const;

/** A blob that may be a document. */
export interface OfferedBlob {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** Where it is. */
  readonly store: Pick<Store, "readerAt">;
  /** What images that stand for it say that it is; absent: none says. */
  readonly named?: DocumentKind;
}

/**
 * The documents of a report whose labels do not say all that they name: only an index says that a manifest is a statement about
 * another one, the statements themselves have no labels of a kind, and what was put there by hand has none at all.
 */
export interface Documents {
  /** A blob that was come by, with what its labels say. It is read later, if it has more to say. */
  offer(blob: OfferedBlob, said: SaidByLabels): void;
  /** Read them, and tell what they name. What cannot be read says nothing. @throws `cancelled` */
  read(signal: AbortSignal): AsyncGenerator<readonly SaidKind[], void, undefined>;
}

/** A blob that is to be read. */
interface Waiting extends OfferedBlob {
  /** True: what it names has labels that say on. */
  readonly isLabelled: boolean;
}

/** None yet. */
export function createDocuments(): Documents {
  const known = new Set<Digest>();
  const waiting: Waiting[] = [];
  let bytes = 0;
  /** Stores that do not answer: each further question would be waited for. */
  const away = new Set<OfferedBlob["store"]>();

  function enqueue(document: Waiting): void {
    const { digest, size } = document;
    const isTooMuch = known.size >= most.documents || size > most.bytes || bytes + size > most.allBytes;
    if (isTooMuch || known.has(digest)) return;
    bytes += size;
    known.add(digest);
    waiting.push(document);
  }

  async function readOne(document: Waiting, signal: AbortSignal): Promise<readonly SaidKind[]> {
    const { digest, store, isLabelled, named } = document;
    if (away.has(store)) return [];
    try {
      const read = await readBytes(store, { digest }, { limit: most.bytes, retries: 0, signal });
      // What names it may say less.
      bytes += Math.max(0, read.length - document.size);
      const references = referencesIn(read, named);
      for (const { kind, ...each } of isLabelled ? [] : references) {
        const isDocument = kind === "index" || kind === "manifest";
        if (isDocument) enqueue({ digest: each.digest, size: each.size, store, named: kind, isLabelled });
      }
      return references.flatMap((reference) => {
        const kind = kindOfReference(reference);
        return kind === undefined ? [] : { digest: reference.digest, kind, isRead: true };
      });
    } catch (error) {
      throwIfCancelled(signal);
      if (isKind(error, "unavailable")) away.add(store);
      return [];
    }
  }

  return {
    offer(blob, said) {
      const isLabelled = said.kind !== undefined || said.isMore;
      const hasMore = said.kind === "index" || said.isMore || (blob.named !== undefined && !isLabelled);
      if (hasMore && blob.named !== "config") enqueue({ ...blob, isLabelled });
    },
    async *read(signal) {
      while (waiting.length > 0) {
        throwIfCancelled(signal);
        const some = waiting.splice(0, most.atOnce);
        yield (await Promise.all(some.map((document) => readOne(document, signal)))).flat();
      }
    },
  };
}

/** What a document names; of one that nobody says to be an index or a manifest, what it can be read as. */
function referencesIn(bytes: Uint8Array, named: DocumentKind | undefined): readonly Reference[] {
  for (const kind of named === undefined ? (["index", "manifest"] as const) : [named]) {
    const { references } = parseDocument(bytes, kind);
    if (references.length > 0) return references;
  }
  return [];
}
