import { ContentError } from "../../content/errors.ts";
import type { Asking } from "./asking.ts";
import { isUnanswered } from "./asking.ts";
import type { MirrorCore } from "./core.ts";
import { doesNotAnswer } from "./gate.ts";
import type { Looking } from "./looking.ts";

/** Passes calls on to the source of a mirror. */
export interface Passing {
  /** @throws what the source throws; `unavailable` "store NAME does not answer: REASON" */
  ask<T>(question: (ask: Asking) => Promise<T>, options?: PassOptions): Promise<T>;
  /**
   * Pass a change on, then look at what it changed.
   *
   * @param again what is looked at; it may fail without a word, since the change was made
   * @throws `permission-denied` where the source is only read; as `ask`
   */
  change<T>(
    change: (ask: Asking) => Promise<T>,
    again: (ask: Asking, made: T) => Promise<void>,
    options?: PassOptions,
  ): Promise<T>;
  /** @throws `permission-denied` where the source is only read */
  refuseChanges(): void;
}

export interface PassOptions {
  /** The caller's. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that the answer may take; absent: as any. */
  readonly limitMs?: number;
}

/** @param allowsChanges false: the source is only read */
export function createPassing(core: MirrorCore, looking: Looking, allowsChanges: boolean): Passing {
  const { name, source, logger } = core;

  function refuseChanges(): void {
    if (allowsChanges) return;
    const advice = source.unchangeable ?? "--allow-changes or allow_changes in the config lets it be changed";
    throw new ContentError("permission-denied", `store ${name} is opened read-only; ${advice}`);
  }

  async function ask<T>(question: (ask: Asking) => Promise<T>, { signal, limitMs }: PassOptions = {}): Promise<T> {
    looking.called();
    try {
      return await question(core.ask([signal], limitMs));
    } catch (error) {
      if (!isUnanswered(error)) throw error;
      looking.failed(error);
      throw doesNotAnswer(name, error.message, error);
    }
  }

  return {
    ask,
    refuseChanges,
    async change(change, again, options) {
      refuseChanges();
      const made = await ask(change, options);
      try {
        await again(core.ask(), made);
      } catch (err) {
        logger.debug({ err }, "what was changed could not be looked at again");
      }
      looking.hint();
      return made;
    },
  };
}
