import { describe, expect, test } from "vitest";
import { nextSort, sortFromText, sortToText } from "../../../app/_ui/list/column.ts";
import { cursorAfterLoss, moveCursor } from "../../../app/_ui/list/list-keys.ts";

describe("the order of a list", () => {
  test("a click on a header sorts as the column is read best, and the next one the other way", () => {
    const first = nextSort([{ id: "created", isDescending: true }], "size", true, false);
    expect(first).toEqual([{ id: "size", isDescending: true }]);
    expect(nextSort(first, "size", true, false)).toEqual([{ id: "size", isDescending: false }]);
  });

  test("a click with shift sorts within the first order", () => {
    const sort = nextSort([{ id: "size", isDescending: true }], "digest", false, true);
    expect(sort).toEqual([
      { id: "size", isDescending: true },
      { id: "digest", isDescending: false },
    ]);
    expect(nextSort(sort, "digest", false, true)[1]).toEqual({ id: "digest", isDescending: true });
  });

  test("an address keeps it", () => {
    const sort = [
      { id: "size", isDescending: true },
      { id: "digest", isDescending: false },
    ];
    expect(sortToText(sort)).toBe("-size,digest");
    expect(sortFromText("-size,digest", ["digest", "size"])).toEqual(sort);
  });

  test("an address with columns that are none, or twice, sorts by what is left", () => {
    expect(sortFromText("-nope,size,-size,digest,created", ["digest", "size", "created"])).toEqual([
      { id: "size", isDescending: false },
      { id: "digest", isDescending: false },
    ]);
    expect(sortFromText("", ["digest"])).toEqual([]);
  });
});

describe("the cursor of a list", () => {
  const at = (index: number) => ({ index, count: 50, page: 10 });

  test.each([
    ["j", 4, 5],
    ["ArrowDown", 49, 49],
    ["k", 4, 3],
    ["ArrowUp", 0, 0],
    ["PageDown", 4, 13],
    ["PageUp", 4, 0],
    ["Home", 30, 0],
    ["End", 30, 49],
  ])("%s moves it from row %d to row %d", (key, from, to) => {
    expect(moveCursor(key, at(from))).toBe(to);
  });

  test("other keys, and names of an object's own methods, do not move it", () => {
    for (const key of ["x", "Enter", "toString", "constructor"]) expect(moveCursor(key, at(4))).toBeUndefined();
  });

  test("it passes over headings, and turns back at one that is last", () => {
    const isPassed = (index: number) => index === 2;
    expect(moveCursor("j", { index: 1, count: 5, page: 5, isPassed })).toBe(3);
    expect(moveCursor("k", { index: 3, count: 5, page: 5, isPassed })).toBe(1);
    expect(moveCursor("End", { index: 0, count: 3, page: 5, isPassed })).toBe(1);
  });

  test("a list without rows has none", () => {
    expect(moveCursor("j", { index: -1, count: 0, page: 5 })).toBeUndefined();
    expect(cursorAfterLoss(0, 0)).toBe(-1);
  });

  test("a row that goes leaves it to the one in its place, or to the last", () => {
    expect(cursorAfterLoss(3, 10)).toBe(3);
    expect(cursorAfterLoss(9, 9)).toBe(8);
  });
});
