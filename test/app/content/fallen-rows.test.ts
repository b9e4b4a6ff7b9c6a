import { expect, test } from "vitest";
import { fallenRows, mendedByPages, placesBehind } from "../../../app/content/fallen-rows.ts";
import { makeDigest } from "../../../content/parse-digest.ts";
import type { Info } from "../../../content/store.ts";

const info = {
  digest: makeDigest("sha256", "0".repeat(64)),
  size: 1,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  labels: {},
};
const row = (key: string, more: { readonly goneAt?: number } = {}) => {
  return { key, row: { namespace: "n", info: { ...info, createdAt: new Date(key.charCodeAt(0)) } }, ...more };
};
const rows = (keys: string) => [...keys].map((key) => row(key));
const keys = (of: readonly { readonly key: string }[]) => of.map(({ key }) => key).join("");

/** The order of these rows: by their keys. Digits are the newest. */
const order = (a: { readonly info: Info }, b: { readonly info: Info }) =>
  a.info.createdAt.getTime() - b.info.createdAt.getTime();
const pushedOut = (window: string, fallen: string, now: string) =>
  fallenRows({ window: rows(window), fallen: rows(fallen) }, rows(now), order);

test("rows that newer ones push out follow the window, the nearest first", () => {
  const first = pushedOut("cdefg", "", "bcdef");
  expect(keys(first)).toBe("g");
  expect(keys(pushedOut("bcdef", "g", "9abcd"))).toBe("efg");
});

test("rows that left the window elsewhere are not behind it", () => {
  expect(pushedOut("abcde", "", "abde")).toEqual([]);
});

test("rows that many writers push out in another order than theirs are behind the window, in theirs", () => {
  expect(keys(pushedOut("bcdef", "", "abcdf"))).toBe("e");
  expect(keys(pushedOut("abcdf", "e", "9abcd"))).toBe("ef");
});

test("rows that are gone, or in the window again, are not behind it", () => {
  const gone = [...rows("ab"), row("c", { goneAt: 1 })];
  expect(fallenRows({ window: gone, fallen: [] }, rows("ab"), order)).toEqual([]);
  expect(keys(pushedOut("abc", "de", "abcd"))).toBe("e");
});

test("a window that is pushed out as a whole at once is behind the next one, and the same one keeps what it had", () => {
  expect(keys(pushedOut("cde", "fg", "789"))).toBe("cdefg");
  expect(keys(pushedOut("abc", "de", ""))).toBe("de");
  const fallen = rows("de");
  expect(fallenRows({ window: rows("abc"), fallen }, rows("abc"), order)).toBe(fallen);
});

/** Pages with rows from a place on. */
function pages(first: number, all: string) {
  return {
    at: (place: number) => rows(all)[place - first],
    placeOf: (key: string) => all.indexOf(key) + (all.includes(key) ? first : 0),
  };
}
const behind = (fallen: string, window = "") => ({ window: rows(window), fallen: rows(fallen) });
const nowhere = { at: () => undefined, placeOf: () => -1 };

test("a page says what is between rows that fell out of the window", () => {
  expect(keys(mendedByPages(behind("abcd"), pages(10, "abxd")))).toBe("abxd");
});

test("a row that no page has stays behind the window", () => {
  expect(keys(mendedByPages(behind("abcd"), nowhere))).toBe("abcd");
  expect(keys(mendedByPages(behind("abcdef"), pages(10, "cd")))).toBe("abcdef");
});

test("what is missing between two pages stays, since they were not read at one moment", () => {
  expect(keys(mendedByPages(behind("abc"), pages(199, "ac")))).toBe("abc");
  expect(keys(mendedByPages(behind("abc"), pages(198, "ac")))).toBe("ac");
});

test("a row that a page has elsewhere than the window is there once", () => {
  expect(keys(mendedByPages(behind("abcd", "w"), pages(10, "awbdc")))).toBe("abcd");
});

test("rows that nobody saw, before or among those that fell out of the window, leave as many places as the pages say", () => {
  const indexOf = (key: string) => "abcdefgh".indexOf(key);
  expect(placesBehind(rows("fg"), 3, indexOf)).toEqual([5, 6]);
  expect(placesBehind(rows("xg"), 3, indexOf)).toEqual([5, 6]);
  expect(placesBehind(rows("de"), 3, indexOf)).toEqual([3, 4]);
  expect(placesBehind(rows("de"), 5, indexOf)).toEqual([5, 6]);
  expect(placesBehind(rows("xy"), 3, indexOf)).toEqual([3, 4]);
  expect(placesBehind(rows("dg"), 3, indexOf)).toEqual([3, 6]);
  expect(placesBehind(rows("dxhy"), 3, indexOf)).toEqual([3, 6, 7, 8]);
  expect(placesBehind([], 3, indexOf)).toEqual([]);
});
