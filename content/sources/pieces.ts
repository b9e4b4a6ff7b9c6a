import { ContentError } from "../errors.ts";
import type { Source } from "../source.ts";
import type { Run } from "./run.ts";
import { startRun } from "./run.ts";

/** What is written in one go while nothing else is said, in bytes. */
const defaultPieceBytes = 1024 * 1024;

/** Pieces are not made smaller than this, in bytes. */
const leastPieceBytes = 16 * 1024;

/** The bytes of a source by their offsets. What it reads is counted, and what it fails with is a ContentError. */
export interface Pieces {
  /**
   * Bytes from `offset` on, a piece at most; none at the end. They are valid until the next call. Small chunks are gathered.
   * The source is opened (again) where these bytes are neither held nor the next ones.
   *
   * @throws `data-loss` for a source that has more or fewer bytes than it should; `failed-precondition` for one that would
   * have to be opened again and cannot; what it throws, `unavailable` where that is no ContentError
   */
  at(offset: number): Promise<Uint8Array>;
  /** What `at` threw; absent while it threw nothing. */
  readonly failure: unknown;
  /** False: only bytes that were not asked for yet can still come. */
  readonly canReopen: boolean;
  /** Halve what later pieces are at most; those that are held are given out in such pieces too. */
  shrink(): void;
  /** Double it again, up to what it was at first. */
  grow(): void;
  /** Let go of the source; does not throw. */
  close(): Promise<void>;
}

interface PiecesOptions {
  /** Bytes that it must have; absent: not known. */
  readonly size?: number;
  /** Bytes of a piece at most; absent: 1 MiB. */
  readonly pieceBytes?: number;
  readonly signal?: AbortSignal;
}

/** @throws `invalid-argument` for pieces of no bytes */
export function openPieces(source: Source, { size, pieceBytes = defaultPieceBytes, signal }: PiecesOptions): Pieces {
  if (!Number.isSafeInteger(pieceBytes) || pieceBytes < 1) {
    throw new ContentError("invalid-argument", `pieces of ${pieceBytes} bytes`);
  }
  let limit = pieceBytes;
  let run: Run | undefined;
  let opened = false;
  let failure: unknown;

  async function startAt(offset: number): Promise<Run> {
    await run?.end();
    run = undefined;
    if (opened && source.once) {
      throw new ContentError("failed-precondition", `the source cannot be opened again, at offset ${offset}`);
    }
    opened = true;
    return startRun(source, offset, { size, pieceBytes, signal });
  }

  return {
    async at(offset) {
      try {
        if (run === undefined && offset === size) return new Uint8Array();
        if (run === undefined || !run.reaches(offset)) run = await startAt(offset);
        return (await run.from(offset)).subarray(0, limit);
      } catch (error) {
        failure = sourceError(error, offset);
        throw failure;
      }
    },
    get failure() {
      return failure;
    },
    get canReopen() {
      return !(opened && source.once);
    },
    shrink() {
      limit = Math.max(Math.min(limit, leastPieceBytes), Math.floor(limit / 2));
    },
    grow() {
      limit = Math.min(pieceBytes, limit * 2);
    },
    async close() {
      await run?.end();
    },
  };
}

function sourceError(error: unknown, offset: number): ContentError {
  if (error instanceof ContentError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new ContentError("unavailable", `the source failed at offset ${offset}: ${text}`, { cause: error });
}
