import { create } from "@bufbuild/protobuf";
import type { Digest } from "../../content/digest.ts";
import { ContentError } from "../../content/errors.ts";
import type { Store } from "../../content/store.ts";
import { int64ToWire } from "../../content/wire.ts";
import type { ReadContentRequest, ReadContentResponse } from "../../gen/containerd/services/content/v1/content_pb.js";
import { ReadContentResponseSchema } from "../../gen/containerd/services/content/v1/content_pb.js";

/** Data of one answer, in bytes. */
const answerBytes = 256 * 1024;

/**
 * The answers to a Read (containerd's contentserver.go): pieces of 256 KiB, their offsets counted from 0 whatever the
 * request's offset. A size of 0, below 0 or beyond the end is to the end, an offset below 0 is 0.
 *
 * @throws `out-of-range` "read past object length N bytes"; `not-found`; `data-loss`
 */
export async function* readBlob(
  store: Store,
  digest: Digest,
  request: ReadContentRequest,
  signal: AbortSignal,
): AsyncGenerator<ReadContentResponse> {
  await using reader = await store.readerAt({ digest }, signal);
  const { offset, length } = rangeOf(request, reader.size);
  const pieces = new Pieces(length);
  let sent = 0;
  for await (const chunk of reader.read(offset, length, signal)) {
    for (const data of pieces.of(chunk)) {
      yield create(ReadContentResponseSchema, { offset: int64ToWire(sent, "offset"), data });
      sent += data.length;
    }
  }
}

/** Compared as int64, so that no number of the wire is rounded. */
function rangeOf({ offset: wanted, size }: ReadContentRequest, length: number): { offset: number; length: number } {
  const whole = BigInt(length);
  const from = wanted < 0n ? 0n : wanted;
  if (from > whole) throw new ContentError("out-of-range", `read past object length ${length} bytes`);
  const rest = whole - from;
  return { offset: Number(from), length: Number(size <= 0n || size > rest ? rest : size) };
}

/** Makes pieces of 256 KiB, the last one shorter, out of a store's chunks. */
class Pieces {
  #left: number;
  #joined: Uint8Array | undefined;
  #filled = 0;

  /** @param length bytes of all chunks */
  constructor(length: number) {
    this.#left = length;
  }

  /**
   * The pieces that are whole with the next chunk. One that lies in the chunk is handed on as it is, and so is valid until the
   * chunk after it is asked for.
   */
  *of(chunk: Uint8Array): Generator<Uint8Array, void, undefined> {
    for (let taken = 0; taken < chunk.length; ) {
      const wanted = Math.min(answerBytes, this.#left);
      const part = chunk.subarray(taken, taken + wanted - this.#filled);
      taken += part.length;
      if (part.length < wanted) {
        this.#joined ??= Buffer.allocUnsafe(wanted);
        this.#joined.set(part, this.#filled);
      }
      this.#filled += part.length;
      if (this.#filled < wanted) continue;
      yield this.#joined ?? part;
      this.#left -= wanted;
      this.#joined = undefined;
      this.#filled = 0;
    }
  }
}
