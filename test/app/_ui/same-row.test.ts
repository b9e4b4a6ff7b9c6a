import { expect, test } from "vitest";
import type { RowMarks } from "../../../app/_ui/list/column.ts";
import { showTheSame } from "../../../app/_ui/list/same-row.ts";

const marks: RowMarks = {};
const props = { row: { name: "a" }, top: 0, marks };

test("a row whose marks are made anew with the same values is not drawn anew", () => {
  expect(showTheSame(props, { ...props, marks: { isNew: false } })).toBe(true);
});

test("a row with another value, place or mark is drawn anew", () => {
  expect(showTheSame(props, { ...props, row: { name: "a" } })).toBe(false);
  expect(showTheSame(props, { ...props, top: 32 })).toBe(false);
  expect(showTheSame(props, { ...props, marks: { isGone: true } })).toBe(false);
});
