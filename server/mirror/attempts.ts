import { ContentError } from "../../content/errors.ts";
import type { MirrorCore } from "./core.ts";
import type { MirrorFolder } from "./folder.ts";
import type { StateBoard } from "./state.ts";

/** Whether a source answers, and when one that does not is asked again. */
export interface Attempts {
  /** True since it did not answer. */
  readonly isFailing: boolean;
  /** When it is asked again, while it fails. */
  readonly dueMs: number;
  /** Somebody waits for it: ask again sooner, though not all the time. */
  hurry(): void;
  succeeded(): void;
  failed(error: unknown): void;
}

/** Failures in a row that are counted: waits do not get longer long before. */
const maxFailures = 30;

/** Errors of SQLite that say that a file is damaged: SQLITE_CORRUPT, SQLITE_NOTADB. */
const damaged: readonly unknown[] = [11, 26];

/** It was not asked yet. */
export function createAttempts(
  { source, timing, logger }: Pick<MirrorCore, "source" | "timing" | "logger">,
  folder: Pick<MirrorFolder, "spoil">,
  board: StateBoard,
): Attempts {
  /** In a row. */
  let failures = 0;
  let failedMs = Number.NEGATIVE_INFINITY;
  let dueMs = Number.NEGATIVE_INFINITY;

  function log(reason: string, error: unknown): void {
    const facts = { target: source.target, reason };
    const text = "the source of a mirror does not answer";
    if (!(error instanceof ContentError))
      logger.error({ ...facts, err: error }, "a mirror could not be brought up to date");
    else if (failures === 0) logger.warn(facts, text);
    else logger.debug(facts, text);
  }

  return {
    get isFailing() {
      return failures > 0;
    },
    get dueMs() {
      return dueMs;
    },
    hurry() {
      dueMs = Math.min(dueMs, failedMs + timing.leastMs);
    },
    succeeded() {
      if (failures > 0) logger.info({ target: source.target }, "the source of a mirror answers again");
      failures = 0;
      board.set({ state: "live", reason: undefined, lastContactAt: new Date() });
    },
    failed(error) {
      const reason = reasonOf(error);
      log(reason, error);
      failedMs = performance.now();
      dueMs = failedMs + Math.min(timing.longestRetryMs, timing.retryMs * 2 ** failures);
      failures = Math.min(failures + 1, maxFailures);
      board.set({ state: "unreachable", reason, everyMs: undefined });
      if (!isDamaged(error)) return;
      folder.spoil().catch((err: unknown) => logger.error({ err }, "the rows of a mirror could not be given up"));
    },
  };
}

/** One line for people, without paths. */
function reasonOf(error: unknown): string {
  if (isDamaged(error)) return "what was read of it is damaged here; the next start reads it anew";
  return error instanceof ContentError ? error.message : "internal error";
}

function isDamaged(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && damaged.includes(error.errcode);
}
