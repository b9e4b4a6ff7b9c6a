import { expect, test } from "vitest";
import { matchesTag, parseRange } from "../../../server/listen/range.ts";

test.for<[string | undefined, ReturnType<typeof parseRange>]>([
  [undefined, undefined],
  ["bytes=0-0", { offset: 0, length: 1 }],
  ["bytes=2-5", { offset: 2, length: 4 }],
  ["Bytes=2-5", { offset: 2, length: 4 }],
  [" bytes=2-5 ", { offset: 2, length: 4 }],
  ["bytes=4-", { offset: 4, length: 6 }],
  ["bytes=-3", { offset: 7, length: 3 }],
  ["bytes=-300", { offset: 0, length: 10 }],
  ["bytes=8-300", { offset: 8, length: 2 }],
  ["bytes=9-9", { offset: 9, length: 1 }],
  ["bytes=10-", "unsatisfiable"],
  ["bytes=10-12", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  ["bytes=5-4", undefined],
  ["bytes=0-1,3-4", undefined],
  ["bytes=-", undefined],
  ["bytes=a-b", undefined],
  ["bytes=1", undefined],
  ["bytes=--1", undefined],
  ["bytes=0x1-2", undefined],
  ["bytes=1.5-2", undefined],
  ["rows=0-1", undefined],
  ["bytes=99999999999999999999-", undefined],
])("of 10 bytes, %j is %j", ([header, range]) => {
  expect(parseRange(header, 10)).toEqual(range);
});

test("no range of nothing can be satisfied", () => {
  for (const header of ["bytes=0-", "bytes=0-0", "bytes=-1"]) expect(parseRange(header, 0)).toBe("unsatisfiable");
});

test("If-None-Match names the tag, weakly, among others, or anything", () => {
  for (const header of ['"a"', 'W/"a"', '"b", "a"', '"b",W/"a"', "*"]) expect(matchesTag(header, '"a"')).toBe(true);
  for (const header of [undefined, "", '"b"', "a", '"A"']) expect(matchesTag(header, '"a"')).toBe(false);
});
