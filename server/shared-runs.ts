/**
 * Let many callers share costly runs of one job, such as a sync of a disk: one run at a time, and whoever comes while one is
 * under way waits for the next one, since the one that runs may have begun too early to cover it.
 *
 * @param job covers everything that happened before it was called
 * @returns asks for a run; rejects as the run that covers the caller did
 */
export function createSharedRuns(job: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  async function runAfter(before: Promise<void>): Promise<void> {
    await before.catch(() => {});
    next = undefined;
    await start();
  }

  function start(): Promise<void> {
    const run = job().finally(() => {
      if (running === run) running = undefined;
    });
    running = run;
    return run;
  }

  return () => {
    if (next !== undefined) return next;
    if (running === undefined) return start();
    next = runAfter(running);
    return next;
  };
}
