import { expect, test } from "vitest";
import { fallenRows } from "../../../app/content/fallen-rows.ts";
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

test("another window has nothing behind it, and the same one what it had", () => {
  const fallen = rows("de");
  expect(fallenRows({ window: rows("abc"), fallen }, rows("xyz"))).toEqual([]);
  expect(fallenRows({ window: rows("abc"), fallen }, rows("abc"))).toBe(fallen);
});
