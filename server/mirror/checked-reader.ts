import { createHash } from "node:crypto";
import type { Digest } from "../../content/digest.ts";
import { algorithmOf } from "../../content/digest.ts";
import { makeDigest } from "../../content/parse-digest.ts";
import { mismatchError } from "../../content/sources/mismatch.ts";
import type { ReaderAt } from "../../content/store.ts";
import type { Asking } from "./asking.ts";

/**
 * A reader of a source that may hang, or give other bytes. A read of the whole blob is hashed as it comes, and ends in `data-loss` in
 * the place of its end where the bytes are others; of a part only its length can be told.
 *
 * @param ask a question for each read, ended by the signals that are given
 */
export function checked(
  reader: ReaderAt,
  digest: Digest,
  ask: (...signals: readonly (AbortSignal | undefined)[]) => Asking,
): ReaderAt {
  const { size } = reader;

  async function* read(
    offset: number,
    length = size,
    signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const isWhole = offset === 0 && length >= size;
    const hash = isWhole ? createHash(algorithmOf(digest)) : undefined;
    const wanted = Math.max(0, Math.min(length, size - offset));
    let got = 0;
    for await (const chunk of ask(signal).each((over) => reader.read(offset, length, over))) {
      got += chunk.length;
      if (got > wanted) throw mismatchError(digest, { size: got }, wanted);
      hash?.update(chunk);
      yield chunk;
    }
    if (got < wanted) throw mismatchError(digest, { size: got }, wanted);
    if (hash === undefined) return;
    const found = makeDigest(algorithmOf(digest), hash.digest("hex"));
    if (found !== digest) throw mismatchError(digest, { size: got, digest: found }, size);
  }

  const close = (): Promise<void> => ask().one(() => reader.close());
  return { size, read, close, [Symbol.asyncDispose]: close };
}
