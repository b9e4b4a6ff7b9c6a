import { expect, test } from "vitest";
import { createPace } from "../../../server/mirror/pace.ts";
import { mirrorTiming } from "../../../server/mirror/timing.ts";

/** Looks of a cost, as soon as they may be. @returns the time of a source that they take, and how many there are in an hour */
function hourOf(costMs: number, hinted: boolean) {
  const hourMs = 60 * 60_000;
  const pace = createPace(mirrorTiming, 0);
  let looks = 0;
  for (let nowMs = 0; nowMs < hourMs; nowMs = Math.max(pace.nextMs(hinted), nowMs)) {
    nowMs += costMs;
    looks += 1;
    pace.spent(costMs, nowMs);
    pace.looked(costMs, nowMs);
  }
  return { share: (looks * costMs) / hourMs, looks };
}

test.each([0.1, 1, 5, 20, 100, 300])(
  "a storm of hints costs a source less than a hundredth of its time, at %d ms a look",
  (costMs) => {
    const { share } = hourOf(costMs, true);
    expect(share).toBeLessThan(0.01);
  },
);

test("looks are at least 2 s and at most a minute apart, and further apart the more they cost", () => {
  expect(hourOf(1, false).looks).toBeCloseTo(1800, -1);
  expect(hourOf(50, false).looks).toBeCloseTo(360, -1);
  expect(hourOf(2_000, false).looks).toBeCloseTo(58, -1);
});

test("a hint is heeded at once where little was spent, and no earlier than a look would come anyway where much was", () => {
  const pace = createPace(mirrorTiming, 0);
  pace.spent(20, 1_000);
  pace.looked(20, 1_000);
  expect(pace.everyMs).toBe(4_000);
  expect(pace.nextMs(true)).toBe(1_250);
  expect(pace.nextMs(false)).toBe(5_000);
  pace.spent(5_000, 10_000);
  pace.looked(5_000, 10_000);
  expect(pace.nextMs(true)).toBe(70_000);
});
