/**
 * Where the bytes of a blob come from when it is written or copied. The factories stand in content/sources/, and
 * content/http-read-seeker.ts for what a web server has; any object of this shape will do.
 *
 * A writer opens it at the offset that the ingest has, and again at another one only where the bytes that it still
 * holds do not suffice. It counts what comes, so that a source need not check its own size.
 */
export interface Source {
  /** Bytes in all; absent: not known before its end. */
  readonly size?: number;
  /** True: it can be opened once, such as a stream. */
  readonly once?: boolean;
  /**
   * Bytes from `offset` on, to the end, in chunks of the source's choosing; a chunk is valid until the next is asked for.
   * Nothing is read before the first chunk is asked for. Leaving the iteration early lets go of whatever it holds.
   *
   * @param offset 0 or more; the size itself gives nothing
   * @param signal ends the read that is under way
   * @throws while it is iterated: `out-of-range` for an offset beyond the end; whatever else reading fails with
   */
  open(offset: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;
}
