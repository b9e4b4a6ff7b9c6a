import type { CopyTarget } from "../copy.ts";
import type { Digest } from "../digest.ts";
import { ContentError, isKind } from "../errors.ts";
import { readBytes } from "../read-blob.ts";
import type { ImageDocument, Reference } from "../references.ts";
import { documentKind, documentLimits, parseDocument } from "../references.ts";
import type { Store } from "../store.ts";
import type { Stores } from "./stores.ts";

/**
 * What a document names. It is read from the store that the copy goes to, where it is there and right.
 *
 * @returns undefined where neither store has it
 * @throws `failed-precondition` for one that is not what its media type says
 */
export async function findReferences(
  { from, to }: Stores,
  { digest, mediaType = "" }: CopyTarget,
  signal: AbortSignal,
): Promise<readonly Reference[] | undefined> {
  const bytes = (await readIfRight(to, digest, signal)) ?? (await readDocument(from, digest, signal));
  return bytes && checked(digest, parseDocument(bytes, documentKind(mediaType) ?? "manifest")).references;
}

/** The bytes of a document, as its digest says they are. @returns undefined where it is not there */
export async function readDocument(
  store: Pick<Store, "readerAt">,
  digest: Digest,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  try {
    return await readBytes(store, { digest }, { limit: documentLimits.bytes, signal });
  } catch (error) {
    if (isKind(error, "not-found")) return undefined;
    throw error;
  }
}

async function readIfRight(
  store: Pick<Store, "readerAt">,
  digest: Digest,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  try {
    return await readDocument(store, digest, signal);
  } catch (error) {
    // Writing it again may heal it.
    if (isKind(error, "data-loss")) return undefined;
    throw error;
  }
}

/** @throws `failed-precondition` for a document of which something is not as it should be */
function checked(digest: Digest, document: ImageDocument): ImageDocument {
  const fault = document.truncated ? `it names more than ${documentLimits.references} blobs` : document.fault;
  if (fault === undefined) return document;
  throw new ContentError("failed-precondition", `content ${digest} is not what its media type says: ${fault}`);
}
