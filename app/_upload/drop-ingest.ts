import type { Digest } from "../../content/digest.ts";
import { isKind } from "../../content/errors.ts";
import { isLocked, openWriter } from "../../content/open-writer.ts";
import type { Store } from "../../content/store.ts";
import { uploadRef } from "./send-file.ts";

/**
 * Drops what the server has of an upload. The ref is locked for that, so that nothing goes under another writer: what one is
 * at is left alone, as is what became a blob.
 *
 * @throws what the server refuses
 */
export async function dropIngest(store: Pick<Store, "writer" | "abort">, digest: Digest): Promise<void> {
  const ref = uploadRef(digest);
  try {
    await using _writer = await openWriter(store, { ref, descriptor: { digest } }, { timeoutMs: 0, retries: 0 });
    await store.abort(ref);
  } catch (error) {
    if (!isLocked(error) && !isKind(error, "already-exists") && !isKind(error, "not-found")) throw error;
  }
}
