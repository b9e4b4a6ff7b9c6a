import { describe, expect, test } from "vitest";
import { rowOfText } from "../../../app/_ui/list/jump.ts";
import { barOfRows, extentOf, rowsOfBar, scrolled, tallest } from "../../../app/_ui/list/scroll-scale.ts";

const million = extentOf(1_000_000 * 32, 800);

describe("the scroll bar of a long list", () => {
  test("a list that a browser can hold moves with its bar", () => {
    const extent = extentOf(10_000 * 32, 800);
    expect(extent.bar).toBe(extent.rows);
    expect(scrolled({ bar: 0, rows: 0 }, 200_000, extent)).toEqual({ bar: 200_000, rows: 200_000 });
  });

  test("a million rows have a bar of 8,000,000 pixels that reaches the first and the last", () => {
    expect(million.bar).toBe(tallest - 800);
    expect(rowsOfBar(0, million)).toBe(0);
    expect(rowsOfBar(million.bar, million)).toBe(million.rows);
    for (const rows of [0, 5, 999_999, 2_000_000, 16_000_000, million.rows - 7, million.rows]) {
      expect(rowsOfBar(barOfRows(rows, million), million)).toBeCloseTo(rows, 3);
    }
  });

  test("a wheel moves rows by its pixels wherever they are, and a drag moves them by scale", () => {
    const middle = { bar: barOfRows(16_000_000, million), rows: 16_000_000 };
    expect(scrolled(middle, middle.bar + 100, million).rows).toBe(16_000_100);
    expect(scrolled(middle, middle.bar + 100_000, million).rows).toBeGreaterThan(16_400_000);
    expect(scrolled({ bar: 20, rows: 20 }, 0, million)).toEqual({ bar: 0, rows: 0 });
  });
});

describe("a row that a person names", () => {
  test("is a number from 1, or a share of all", () => {
    expect(rowOfText("1", 500)).toBe(0);
    expect(rowOfText("4,812", 10_000)).toBe(4811);
    expect(rowOfText("50%", 101)).toBe(50);
    expect(rowOfText("12.5%", 1001)).toBe(125);
    expect(rowOfText("999", 10)).toBe(9);
  });

  test("is none where the text is none, and where there are no rows", () => {
    for (const text of ["", "abc", "-3", "1e3"]) expect(rowOfText(text, 10)).toBeUndefined();
    expect(rowOfText("1", 0)).toBeUndefined();
  });
});
