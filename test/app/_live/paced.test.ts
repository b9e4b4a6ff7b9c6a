import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPaced } from "../../../app/_live/paced.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what is wanted is done at once, and then not before its time is over", () => {
  let runs = 0;
  const paced = createPaced(() => (runs += 1));
  paced.want(250);
  expect(runs).toBe(1);
  paced.want(250);
  paced.want(250);
  vi.advanceTimersByTime(249);
  expect(runs).toBe(1);
  vi.advanceTimersByTime(1);
  expect(runs).toBe(2);
  vi.advanceTimersByTime(1000);
  expect(runs).toBe(2);
});

test("of what waits the soonest counts", () => {
  let runs = 0;
  const paced = createPaced(() => (runs += 1));
  paced.want(250);
  paced.want(250);
  paced.want(50);
  vi.advanceTimersByTime(50);
  expect(runs).toBe(2);
});

test("nothing is done after the end", () => {
  let runs = 0;
  const paced = createPaced(() => (runs += 1));
  paced.want(250);
  paced.want(250);
  paced.end();
  vi.advanceTimersByTime(1000);
  expect(runs).toBe(1);
});
