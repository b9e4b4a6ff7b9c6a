import { describe, expect, test } from "vitest";
import type { Column } from "../../../app/_ui/list/column.ts";
import type { ColumnSettings } from "../../../app/_ui/list/column-settings.ts";
import {
  applySettings,
  defaultColumns,
  fromSharedColumns,
  moveColumn,
  parseSettings,
  resizeColumn,
  toggleColumn,
  toSharedColumns,
} from "../../../app/_ui/list/column-settings.ts";

const column = (id: string, more: Partial<Column<string>> = {}): Column<string> => ({
  id,
  header: id,
  width: "1fr",
  cell: (row) => row,
  ...more,
});

const all = [
  column("name", { isFixed: true }),
  column("size"),
  column("age"),
  column("owner", { isExtra: true }),
  column("acts", { isFixed: true }),
];

const shown = (settings: ColumnSettings) => applySettings(all, settings).map(({ id }) => id);

describe("columns", () => {
  test("are those of the list at first, without the extra ones", () => {
    expect(shown(defaultColumns)).toEqual(["name", "size", "age", "acts"]);
  });

  test("are hidden and shown again", () => {
    const without = toggleColumn(toggleColumn(defaultColumns, "size"), "owner");
    expect(shown(without)).toEqual(["name", "age", "owner", "acts"]);
    expect(shown(toggleColumn(toggleColumn(without, "size"), "owner"))).toEqual(shown(defaultColumns));
  });

  test("move among each other, never past the fixed ones", () => {
    const moved = moveColumn(all, defaultColumns, "age", -1);
    expect(shown(moved)).toEqual(["name", "age", "size", "acts"]);
    expect(moveColumn(all, moved, "age", -1)).toBe(moved);
    expect(moveColumn(all, moved, "size", 1)).toBe(moved);
    expect(moveColumn(all, moved, "name", 1)).toBe(moved);
    expect(shown(moveColumn(all, moved, "age", 1))).toEqual(shown(defaultColumns));
  });

  test("pass over hidden ones when they move", () => {
    const four = [...all.slice(0, 3), column("kind"), ...all.slice(3)];
    const hidden = toggleColumn(defaultColumns, "age");
    const moved = moveColumn(four, hidden, "kind", -1);
    expect(applySettings(four, moved).map(({ id }) => id)).toEqual(["name", "kind", "size", "acts"]);
  });

  test("are as wide as somebody makes them, within bounds", () => {
    const [, size] = applySettings(all, resizeColumn(defaultColumns, "size", 180.4));
    expect(size?.width).toBe("180px");
    expect(resizeColumn(defaultColumns, "size", 1).widths).toEqual({ size: 64 });
    expect(resizeColumn(defaultColumns, "size", 5000).widths).toEqual({ size: 900 });
  });
});

describe("a link", () => {
  test("says nothing of columns that are as at first", () => {
    expect(toSharedColumns(all, defaultColumns)).toBeUndefined();
    expect(toSharedColumns(all, resizeColumn(defaultColumns, "size", 100))).toBeUndefined();
  });

  test.for([
    toggleColumn(defaultColumns, "size"),
    toggleColumn(defaultColumns, "owner"),
    moveColumn(all, defaultColumns, "age", -1),
    moveColumn(all, toggleColumn(defaultColumns, "owner"), "owner", -2),
  ])("shows the same columns in the same order: %j", (settings) => {
    expect(shown(fromSharedColumns(all, toSharedColumns(all, settings) ?? ""))).toEqual(shown(settings));
  });

  test("with names of no column shows what it can", () => {
    expect(shown(fromSharedColumns(all, "colour,age"))).toEqual(["name", "age", "acts"]);
    expect(fromSharedColumns(all, "colour")).toBe(defaultColumns);
  });
});

test.for([
  "",
  "nothing",
  "null",
  "[]",
  '{"order":[1],"toggled":[],"widths":{}}',
  '{"order":[],"toggled":[],"widths":{"a":1}}',
])("what is kept as %j counts as nothing", (text) => {
  expect(parseSettings(text)).toBe(defaultColumns);
});

test("settings are kept", () => {
  const settings = resizeColumn(toggleColumn(moveColumn(all, defaultColumns, "age", -1), "size"), "age", 99);
  expect(parseSettings(JSON.stringify(settings))).toEqual(settings);
});
