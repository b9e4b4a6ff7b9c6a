import { expect, test } from "vitest";
import { createSharedRuns } from "../../server/shared-runs.ts";

/** Runs that end when they are told to. */
function steps() {
  const running: PromiseWithResolvers<void>[] = [];
  const begin = (): Promise<void> => {
    const step = Promise.withResolvers<void>();
    running.push(step);
    return step.promise;
  };
  return { running, ask: createSharedRuns(begin) };
}

test("those who ask during a run share one that begins after it", async () => {
  const { running, ask } = steps();
  const first = ask();
  const others = [ask(), ask(), ask()];
  expect(running).toHaveLength(1);
  running[0]?.resolve();
  await first;
  await expect.poll(() => running.length).toBe(2);
  const last = ask();
  running[1]?.resolve();
  await Promise.all(others);
  await expect.poll(() => running.length).toBe(3);
  running[2]?.resolve();
  await last;
});

test("a run that fails fails those who waited for it, and no later one", async () => {
  const { running, ask } = steps();
  const first = ask();
  const second = ask();
  running[0]?.reject(new Error("broken disk"));
  await expect(first).rejects.toThrow("broken disk");
  await expect.poll(() => running.length).toBe(2);
  running[1]?.resolve();
  await second;
  const third = ask();
  running[2]?.resolve();
  await third;
});
