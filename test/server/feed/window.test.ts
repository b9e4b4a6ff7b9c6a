import { describe, expect, test } from "vitest";
import { parseOrder } from "../../../content/order.ts";
import type { BlobRow } from "../../../server/feed/change.ts";
import { createWindow, rowKey } from "../../../server/feed/window.ts";
import { digestOf } from "./table.ts";

const time = new Date(0);

/** A row whose place in the order is its number. */
function row(number: number, size = number): BlobRow {
  const info = { digest: digestOf(number), size, createdAt: time, updatedAt: time, labels: { kept: "no" } };
  return { namespace: "a", info };
}

const bySize = parseOrder("size");
const sizes = (rows: readonly BlobRow[]) => rows.map(({ info }) => info.size);

describe("a window that is being filled", () => {
  test("takes what has room and says what is missing", () => {
    const window = createWindow(bySize, 3);
    expect(window.missing).toBe(3);
    expect(sizes(window.extend([row(1)], row(5)))).toEqual([1]);
    expect(window.missing).toBe(2);
    expect(window.place?.info.size).toBe(5);
    expect(sizes(window.extend([row(6), row(7), row(8)], row(9)))).toEqual([6, 7]);
    expect(window.missing).toBe(0);
    expect(window.place?.info.size).toBe(7);
  });

  test("misses nothing once the set has ended", () => {
    const window = createWindow(bySize, 3);
    window.extend([row(1)], undefined);
    expect(window.missing).toBe(0);
    expect(window.place).toBeUndefined();
    expect(window.put(row(1000))).toBe(true);
  });

  test("does not take a row behind its place, which the scan is still to bring", () => {
    const window = createWindow(bySize, 3);
    window.extend([row(1)], row(5));
    expect(window.put(row(6))).toBe(false);
    expect(window.put(row(4))).toBe(true);
    expect(window.missing).toBe(1);
  });

  test("whose rows were all outside the selection stands where the scan does", () => {
    const window = createWindow(bySize, 2);
    window.extend([], row(5));
    expect(window.missing).toBe(2);
    expect(window.place?.info.size).toBe(5);
  });
});

describe("a full window", () => {
  const full = () => {
    const window = createWindow(bySize, 3);
    window.extend([row(10), row(20), row(30)], row(30));
    return window;
  };

  test("lets the last fall out for one that comes before it", () => {
    const window = full();
    expect(window.put(row(15))).toBe(true);
    expect(sizes(window.trim())).toEqual([30]);
    expect(window.place?.info.size).toBe(20);
    expect(window.holds("a", digestOf(30))).toBe(false);
    expect(window.missing).toBe(0);
  });

  test("does not take one that comes behind it", () => {
    const window = full();
    expect(window.put(row(40))).toBe(false);
    expect(window.trim()).toEqual([]);
  });

  test("misses one after a removal, and one whose row moved behind its place", () => {
    const window = full();
    window.remove("a", digestOf(10));
    expect(window.missing).toBe(1);
    expect(window.put(row(20, 99))).toBe(false);
    expect(window.missing).toBe(2);
    expect(window.holds("a", digestOf(20))).toBe(false);
  });

  test("keeps one place for a row that moved inside it", () => {
    const window = full();
    expect(window.put(row(30, 5))).toBe(true);
    expect(window.trim()).toEqual([]);
    expect(window.missing).toBe(0);
    window.remove("a", digestOf(30));
    expect(window.missing).toBe(1);
  });

  test("forgets nothing for a row that it does not hold", () => {
    const window = full();
    window.remove("b", digestOf(10));
    window.remove("a", digestOf(99));
    expect(window.missing).toBe(0);
  });
});

describe("a window that begins at a row", () => {
  const begun = () => {
    const window = createWindow(bySize, 2, row(10));
    window.extend([row(10), row(20)], row(20));
    return window;
  };

  test("takes nothing that comes before it, however much room there is", () => {
    const window = begun();
    expect(window.put(row(9))).toBe(false);
    window.remove("a", digestOf(10));
    expect(window.put(row(9))).toBe(false);
    expect(window.missing).toBe(1);
    window.extend([], undefined);
    expect(window.put(row(9))).toBe(false);
    expect(window.put(row(30))).toBe(true);
  });

  test("lets go of a row that moves before it", () => {
    const window = begun();
    expect(window.put(row(20, 5))).toBe(false);
    expect(window.holds("a", digestOf(20))).toBe(false);
    expect(window.missing).toBe(1);
  });

  test("takes the row again that it begins at", () => {
    const window = begun();
    window.remove("a", digestOf(10));
    expect(window.put(row(10))).toBe(true);
    expect(window.missing).toBe(0);
  });
});

test("names of rows tell namespaces apart", () => {
  expect(rowKey("a", digestOf(1))).not.toBe(rowKey("b", digestOf(1)));
});
