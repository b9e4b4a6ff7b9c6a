import { expect, test } from "vitest";
import { fallenRows, mendedByPages, missingRows } from "../../../app/content/fallen-rows.ts";
import { makeDigest } from "../../../content/digest.ts";

const info = {
  digest: makeDigest("sha256", "0".repeat(64)),
  size: 1,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  labels: {},
};
const row = (key: string, more: { readonly goneAt?: number } = {}) => ({ key, row: { namespace: "n", info }, ...more });
const rows = (keys: string) => [...keys].map((key) => row(key));
const keys = (of: readonly { readonly key: string }[]) => of.map(({ key }) => key).join("");

test("rows that newer ones push out follow the window, the nearest first", () => {
  const first = fallenRows({ window: rows("cdefg"), fallen: [] }, rows("bcdef"));
  expect(keys(first)).toBe("g");
  expect(keys(fallenRows({ window: rows("bcdef"), fallen: first }, rows("9abcd")))).toBe("efg");
});

test("rows that left the window elsewhere are not behind it", () => {
  expect(fallenRows({ window: rows("abcde"), fallen: [] }, rows("abde"))).toEqual([]);
});

test("rows that are gone, or in the window again, are not behind it", () => {
  const gone = [...rows("ab"), row("c", { goneAt: 1 })];
  expect(fallenRows({ window: gone, fallen: [] }, rows("ab"))).toEqual([]);
  expect(keys(fallenRows({ window: rows("abc"), fallen: rows("de") }, rows("abcd")))).toBe("e");
});

test("a window that is pushed out as a whole at once is behind the next one, and the same one keeps what it had", () => {
  const fallen = rows("de");
  expect(keys(fallenRows({ window: rows("abc"), fallen }, rows("xyz")))).toBe("abcde");
  expect(fallenRows({ window: rows("abc"), fallen }, [])).toEqual(fallen);
  expect(fallenRows({ window: rows("abc"), fallen }, rows("abc"))).toBe(fallen);
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

test("rows that nobody saw between the window and what fell out of it are as many as the pages say", () => {
  const indexOf = (key: string) => "abcdefgh".indexOf(key);
  expect(missingRows(rows("fg"), 3, indexOf)).toBe(2);
  expect(missingRows(rows("xg"), 3, indexOf)).toBe(2);
  expect(missingRows(rows("de"), 3, indexOf)).toBe(0);
  expect(missingRows(rows("de"), 5, indexOf)).toBe(0);
  expect(missingRows(rows("xy"), 3, indexOf)).toBe(0);
  expect(missingRows([], 3, indexOf)).toBe(0);
});
