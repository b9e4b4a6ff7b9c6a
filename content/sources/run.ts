import type { Source } from "../source.ts";
import { sizeError } from "./mismatch.ts";
import { unlessAborted } from "./unless-aborted.ts";

/** One opening of a source: its bytes in pieces, the last of which can be asked for again. */
export interface Run {
  /** The bytes there are held, or come next. */
  reaches(offset: number): boolean;
  /**
   * Bytes from an offset on that it reaches; none at the end. They are valid until the next are read.
   *
   * @throws `data-loss` for more or fewer bytes than there should be; `cancelled`; what the source throws. What was read before
   * is given first
   */
  from(offset: number): Promise<Uint8Array>;
  /** Let go of the source; does not throw. */
  end(): Promise<void>;
}

export interface RunOptions {
  /** Bytes that the source must have in all; absent: not known. */
  readonly size?: number;
  /** Smaller chunks are gathered until they are as many bytes as this. */
  readonly pieceBytes: number;
  readonly signal?: AbortSignal;
}

/** Opens a source at an offset. */
export function startRun(source: Source, offset: number, { size, pieceBytes, signal }: RunOptions): Run {
  const iterator = source.open(offset, signal)[Symbol.asyncIterator]();
  let read = offset;
  let ended = false;
  let pending = false;
  let broken: { readonly error: unknown } | undefined;
  /** The piece that is given out, where it begins, and what was read with it and stands behind it. */
  let piece: Uint8Array = new Uint8Array();
  let start = offset;
  let rest: Uint8Array = new Uint8Array();
  let gathered: Uint8Array<ArrayBuffer> | undefined;

  async function nextChunk(): Promise<Uint8Array> {
    while (!ended) {
      pending = true;
      const next = await unlessAborted(iterator.next(), signal);
      pending = false;
      if (next.done) {
        ended = true;
        if (size !== undefined && read !== size) throw sizeError(read, size);
      } else {
        read += next.value.length;
        if (size !== undefined && read > size) throw sizeError(read, size, true);
        if (next.value.length > 0) return next.value;
      }
    }
    return new Uint8Array();
  }

  /** The next chunk; none at the end, and before an error that the next call throws. */
  async function pull(): Promise<Uint8Array> {
    if (broken !== undefined) throw broken.error;
    try {
      return await nextChunk();
    } catch (error) {
      broken = { error };
      return new Uint8Array();
    }
  }

  async function gather(first: Uint8Array): Promise<Uint8Array> {
    gathered ??= new Uint8Array(Math.min(pieceBytes, size === undefined ? pieceBytes : size - offset));
    let filled = 0;
    for (let chunk = first; chunk.length > 0; chunk = await pull()) {
      const taken = Math.min(chunk.length, gathered.length - filled);
      gathered.set(chunk.subarray(0, taken), filled);
      filled += taken;
      rest = chunk.subarray(taken);
      if (filled === gathered.length) break;
    }
    return gathered.subarray(0, filled);
  }

  async function nextPiece(): Promise<Uint8Array> {
    const first = rest.length > 0 ? rest : await pull();
    rest = new Uint8Array();
    if (first.length === 0 && broken !== undefined) throw broken.error;
    return first.length === 0 || first.length >= pieceBytes ? first : await gather(first);
  }

  return {
    reaches: (wanted) => wanted >= start && wanted <= start + piece.length,
    async from(wanted) {
      if (wanted === start + piece.length) {
        start = wanted;
        piece = new Uint8Array();
        piece = await nextPiece();
      }
      return piece.subarray(wanted - start);
    },
    async end() {
      const returned = Promise.resolve(iterator.return?.()).catch(() => undefined);
      // A generator returns after what it waits for, which may never come.
      if (!pending) await returned;
    },
  };
}
