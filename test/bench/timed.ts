/** How long something took, in milliseconds. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

/** After so many milliseconds nothing is repeated any more. */
export const patienceMs = 3000;

/** The same some times, one after the other; fewer times where it is slow, once at least. */
export async function timedRuns(runs: number, run: () => Promise<unknown>): Promise<readonly number[]> {
  const values: number[] = [];
  let spentMs = 0;
  while (values.length < runs && spentMs < patienceMs) {
    const value = await timed(run);
    values.push(value);
    spentMs += value;
  }
  return values;
}
