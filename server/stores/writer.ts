import type { Digest } from "../../content/digest.ts";
import type { CommitOptions, Writer } from "../../content/store.ts";
import type { Ingest } from "./ingest.ts";
import { statusOf } from "./ingest.ts";
import { checkTruncate, ingestAborted, writerClosed } from "./refusals.ts";

/** Largest piece that is hashed and stored in one go, in bytes: what the event loop may be kept by. */
const pieceBytes = 1024 * 1024;

/** Where the bytes of a writer go. Calls do not overlap, but for `close`. */
export interface WriterBacking {
  readonly ingest: Ingest;
  /** Store bytes at the offset and move it, both or neither. */
  append(piece: Uint8Array): Promise<void>;
  /** Back to the start. */
  clear(): Promise<void>;
  digest(): Digest;
  /** Check, make durable, publish, drop the ingest. */
  publish(options: CommitOptions): Promise<Digest>;
  /** Let go of the lock and of whatever is open; does not throw, and twice is no error. */
  close(): Promise<void>;
}

/** The Writer of a bare store: says when which call is allowed, and closes after a commit. */
export function createWriter(backing: WriterBacking): Writer {
  const { ingest } = backing;
  let closing: Promise<void> | undefined;

  function check(): void {
    if (closing !== undefined) throw writerClosed(ingest.ref);
    if (ingest.aborted) throw ingestAborted(ingest.ref);
  }

  /** Whatever fails because the ingest went meanwhile says so. */
  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    check();
    try {
      return await work();
    } catch (error) {
      throw ingest.aborted ? ingestAborted(ingest.ref, error) : error;
    }
  }

  function close(): Promise<void> {
    closing ??= backing.close();
    return closing;
  }

  return {
    ref: ingest.ref,
    async write(data) {
      check();
      for (let sent = 0; sent < data.length; sent += pieceBytes) {
        await guarded(() => backing.append(data.subarray(sent, sent + pieceBytes)));
      }
    },
    async truncate(size) {
      check();
      checkTruncate(size);
      await guarded(() => backing.clear());
    },
    digest: () => backing.digest(),
    async status() {
      check();
      return statusOf(ingest);
    },
    async commit(options = {}) {
      check();
      const published = guarded(() => backing.publish(options));
      // Whoever closes meanwhile waits for the outcome.
      closing = Promise.allSettled([published]).then(() => backing.close());
      await closing;
      return published;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
