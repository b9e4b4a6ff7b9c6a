import { isKind } from "../../content/errors.ts";
import type { LeaseWeight } from "../metadata/catalog/weigh.ts";

/** Weighs leases again after something happened, one time after the other. */
export interface Weighing extends Disposable {
  /** Something happened. */
  ask(): void;
}

/** It rests so many times as long as it worked, at least, so that a large store is not weighed all the time. */
const restFactor = 4;

/**
 * @param weigh weighs them once
 * @param weighed told what came of it
 * @param leastMs milliseconds between two times, at least
 * @param failed told of an error; the next time comes when something happens
 */
export function createWeighing(
  weigh: (signal: AbortSignal) => Promise<readonly LeaseWeight[]>,
  weighed: (weights: readonly LeaseWeight[]) => void,
  leastMs: number,
  failed: (error: unknown) => void,
): Weighing {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isWeighing = false;
  let isAsked = false;
  let nextAt = Number.NEGATIVE_INFINITY;

  async function run(): Promise<void> {
    timer = undefined;
    isAsked = false;
    isWeighing = true;
    const began = performance.now();
    try {
      weighed(await weigh(over.signal));
    } catch (error) {
      if (!isKind(error, "cancelled")) failed(error);
    } finally {
      isWeighing = false;
      nextAt = began + Math.max(leastMs, (restFactor + 1) * (performance.now() - began));
      if (isAsked) plan();
    }
  }

  function plan(): void {
    if (over.signal.aborted) return;
    timer ??= setTimeout(() => void run(), Math.max(0, nextAt - performance.now()));
  }

  return {
    ask() {
      isAsked = true;
      if (!isWeighing) plan();
    },
    [Symbol.dispose]() {
      over.abort();
      clearTimeout(timer);
    },
  };
}
