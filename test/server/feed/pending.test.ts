import { describe, expect, test } from "vitest";
import type { Pending } from "../../../server/feed/pending.ts";
import { createPending } from "../../../server/feed/pending.ts";

const all = 100;

/** Takes as many as there are, with the values. */
function take(pending: Pending<string, number>, nowMs: number): readonly number[] {
  return pending.take(nowMs, all);
}

describe("what waits", () => {
  test("is one value a key, the latest, in the order in which the keys came", () => {
    const pending = createPending<string, number>(100, all, Math.abs);
    pending.set("a", 1);
    pending.set("b", 2);
    pending.set("a", 3);
    expect(pending.size).toBe(2);
    expect(pending.get("a")).toBe(3);
    expect(take(pending, 0)).toEqual([3, 2]);
    expect(pending.size).toBe(0);
    expect(take(pending, 0)).toEqual([]);
  });

  test("is counted in bytes, each key's latest value once", () => {
    const pending = createPending<string, number>(100, all, Math.abs);
    pending.set("a", 10);
    pending.set("b", 5);
    pending.set("a", 20);
    expect(pending.bytes).toBe(25);
    pending.take(0, 1);
    expect(pending.bytes).toBe(5);
    pending.set("a", 7);
    pending.set("a", 8);
    expect(pending.bytes).toBe(13);
    pending.release();
    pending.forget("b");
    expect(pending.bytes).toBe(8);
    take(pending, 0);
    expect(pending.bytes).toBe(0);
    pending.set("b", 4);
    pending.clear();
    expect(pending.bytes).toBe(0);
  });

  test("is taken in pieces, the rest is due at once", () => {
    const pending = createPending<string, number>(100, all, Math.abs);
    for (const number of [1, 2, 3]) pending.set(`k${number}`, number);
    expect(pending.take(0, 2)).toEqual([1, 2]);
    expect(pending.dueAt(0)).toBe(0);
    expect(pending.take(0, 2)).toEqual([3]);
    expect(pending.dueAt(0)).toBeUndefined();
  });

  test("can be forgotten, all of it or one key, and what comes next of that is not held back", () => {
    const pending = createPending<string, number>(100, all, Math.abs);
    pending.set("a", 1);
    take(pending, 0);
    pending.set("a", 2);
    pending.forget("a");
    expect(pending.size).toBe(0);
    pending.set("a", 3);
    expect(take(pending, 1)).toEqual([3]);
    pending.set("a", 4);
    pending.set("b", 5);
    pending.clear();
    expect(pending.size).toBe(0);
    expect(pending.dueAt(1)).toBeUndefined();
  });
});

describe("the interval", () => {
  test("holds back a key that was just told, and no other", () => {
    const pending = createPending<string, number>(100, all, Math.abs);
    pending.set("a", 1);
    take(pending, 1000);
    pending.set("a", 2);
    pending.set("b", 3);
    expect(take(pending, 1001)).toEqual([3]);
    expect(pending.dueAt(1001)).toBe(1100);
    expect(take(pending, 1099)).toEqual([]);
    expect(take(pending, 1100)).toEqual([2]);
  });

  test("begins anew with every value that is told", () => {
    const pending = createPending<string, number>(100, all, Math.abs);
    for (const [at, value] of [
      [0, 1],
      [100, 2],
    ] as const) {
      pending.set("a", value);
      expect(take(pending, at)).toEqual([value]);
    }
    pending.set("a", 3);
    expect(take(pending, 199)).toEqual([]);
    expect(take(pending, 200)).toEqual([3]);
  });

  test("is over for what is urgent, and for everything that is released", () => {
    const pending = createPending<string, number>(100, all, Math.abs);
    for (const key of ["a", "b", "c"]) pending.set(key, 0);
    take(pending, 0);
    pending.set("a", 1);
    pending.set("b", 2);
    pending.set("a", 3, true);
    expect(take(pending, 1)).toEqual([3]);
    pending.release();
    expect(take(pending, 1)).toEqual([2]);
  });

  test("is forgotten of the oldest key once too many are remembered, and its value comes early", () => {
    const pending = createPending<string, number>(100, 2, Math.abs);
    for (const key of ["a", "b"]) pending.set(key, 0);
    take(pending, 0);
    pending.set("a", 1);
    pending.set("c", 2);
    expect(take(pending, 1)).toEqual([2]);
    expect(take(pending, 2)).toEqual([1]);
  });
});
