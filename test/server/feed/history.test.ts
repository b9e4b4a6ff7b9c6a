import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createHistory } from "../../../server/feed/history.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const limits = { ageMs: 1000, entries: 3, bytes: 100 };
const numbers = (entries: readonly { readonly sequence: number }[] | undefined) =>
  entries?.map((each) => each.sequence);

test("tells what is newer than a number, also one between two entries", () => {
  const history = createHistory<{ readonly sequence: number }>(limits);
  for (const sequence of [2, 5, 9]) history.add({ sequence }, 1);
  expect(numbers(history.since(0))).toEqual([2, 5, 9]);
  expect(numbers(history.since(2))).toEqual([5, 9]);
  expect(numbers(history.since(7))).toEqual([9]);
  expect(numbers(history.since(9))).toEqual([]);
});

test("forgets the oldest beyond its number of entries, and then knows that something is missing", () => {
  const history = createHistory<{ readonly sequence: number }>(limits);
  for (const sequence of [1, 2, 3, 4]) history.add({ sequence }, 1);
  expect(history.since(0)).toBeUndefined();
  expect(numbers(history.since(1))).toEqual([2, 3, 4]);
});

test("forgets the oldest beyond its bytes, at the worst everything", () => {
  const history = createHistory<{ readonly sequence: number }>(limits);
  history.add({ sequence: 1 }, 60);
  history.add({ sequence: 2 }, 60);
  expect([history.since(0), numbers(history.since(1))]).toEqual([undefined, [2]]);
  history.add({ sequence: 3 }, 101);
  expect([history.since(2), numbers(history.since(3)), history.size]).toEqual([undefined, [], 0]);
});

test("forgets what is too old, and still answers whoever missed none of it", () => {
  const history = createHistory<{ readonly sequence: number }>(limits);
  history.add({ sequence: 1 }, 1);
  vi.advanceTimersByTime(600);
  history.add({ sequence: 2 }, 1);
  vi.advanceTimersByTime(600);
  expect([history.since(0), numbers(history.since(1))]).toEqual([undefined, [2]]);
  vi.advanceTimersByTime(600);
  expect([history.since(1), numbers(history.since(2))]).toEqual([undefined, []]);
});

test("stays right through a hundred thousand entries", () => {
  const history = createHistory<{ readonly sequence: number }>({ ...limits, entries: 1000, bytes: 1e9 });
  for (let sequence = 1; sequence <= 100_000; sequence += 1) history.add({ sequence }, 1);
  expect(history.size).toBe(1000);
  expect(history.since(98_999)).toBeUndefined();
  expect(numbers(history.since(99_000))?.at(0)).toBe(99_001);
  expect(numbers(history.since(99_998))).toEqual([99_999, 100_000]);
});
