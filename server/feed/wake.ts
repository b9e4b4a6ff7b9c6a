/** Wakes one waiter when something happened, also when it happened before the waiter began to wait. */
export interface Wake {
  wake(): void;
  /** Until wake was called since the last wait, or so many milliseconds have passed. */
  wait(timeoutMs: number): Promise<void>;
}

/** A wake that nobody has called yet. */
export function createWake(): Wake {
  let woken = false;
  let resume: (() => void) | undefined;
  return {
    wake() {
      woken = true;
      resume?.();
    },
    async wait(timeoutMs) {
      if (!woken) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          resume = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      woken = false;
      resume = undefined;
    },
  };
}
