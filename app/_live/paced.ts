/** Something that is done when it is wanted, and not more often than it may be. */
export interface Paced {
  /** Do it once the last time is so many milliseconds ago; of what is wanted meanwhile the soonest counts. */
  want(afterMs: number): void;
  /** Nothing is wanted any longer. */
  end(): void;
}

/** @param run what is done */
export function createPaced(run: () => void): Paced {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let ranAt = Number.NEGATIVE_INFINITY;

  function go(): void {
    clearTimeout(timer);
    dueAt = Number.POSITIVE_INFINITY;
    run();
    // What it took does not count: a slow page does other things as well.
    ranAt = performance.now();
  }

  return {
    want(afterMs) {
      const at = ranAt + afterMs;
      if (at <= performance.now()) return go();
      if (at >= dueAt) return;
      dueAt = at;
      clearTimeout(timer);
      timer = setTimeout(go, at - performance.now());
    },
    end() {
      clearTimeout(timer);
    },
  };
}
