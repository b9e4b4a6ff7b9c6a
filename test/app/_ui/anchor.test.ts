import { expect, test } from "vitest";
import { createAnchor } from "../../../app/_ui/list/anchor.ts";
import { allRows } from "../../../app/_ui/list/row-source.ts";

const rowHeight = 32;

/** A list of rows with a sight of ten, whose places can be taken for others. */
function makeList(count: number) {
  let keys = Array.from({ length: count }, (_, index) => `row ${index}`);
  let top = 0;
  let wrongBy = 0;
  const anchor = createAnchor();
  const list = () => {
    const rows = allRows(keys, (key) => key);
    const indexOf = (key: string) => (rows.indexOf(key) < 0 ? -1 : rows.indexOf(key) + wrongBy);
    const setTop = (wanted: number) => {
      top = Math.min(Math.max(0, wanted), (keys.length - 10) * rowHeight);
    };
    return { rows: { keyAt: rows.keyAt, indexOf }, scroll: { top: () => top, setTop }, rowHeight };
  };
  return {
    scrollTo(pixels: number) {
      list().scroll.setTop(pixels);
      anchor.scrolled(list());
    },
    change(next: (keys: readonly string[]) => string[], isWrongBy = 0) {
      keys = next(keys);
      wrongBy = isWrongBy;
      anchor.moved(list());
      // The browser tells of a scroll afterwards, whoever scrolled.
      anchor.scrolled(list());
    },
    /** Pixels of a row below the upper end of the sight. */
    pixelOf: (key: string) => keys.indexOf(key) * rowHeight - top,
  };
}

const more = (count: number) => (keys: readonly string[]) => [
  ...Array.from({ length: count }, (_, index) => `new ${keys.length + index}`),
  ...keys,
];
const same = (keys: readonly string[]) => [...keys];

test("rows that come above leave what is read at its pixel, and at the top of a list the new ones are seen", () => {
  const list = makeList(100);
  list.change(more(3));
  expect(list.pixelOf("new 100")).toBe(0);
  list.scrollTo(500);
  const before = list.pixelOf("row 20");
  for (const count of [1, 20, 300]) list.change(more(count));
  expect(list.pixelOf("row 20")).toBe(before);
  list.scrollTo(0);
  list.change(more(2));
  expect(list.pixelOf("row 20")).toBeGreaterThan(before);
});

test("a row near the end keeps its pixel though its place was taken for one beyond the end meanwhile", () => {
  const list = makeList(100);
  list.scrollTo(85 * rowHeight);
  const before = list.pixelOf("row 90");
  list.change(more(20), 20);
  expect(list.pixelOf("row 90")).not.toBe(before);
  list.change(same);
  expect(list.pixelOf("row 90")).toBe(before);
});

test("what is scrolled to is what is held, also after the list's end kept a row from its pixel", () => {
  const list = makeList(100);
  list.scrollTo(85 * rowHeight);
  list.change(same, 20);
  list.scrollTo(40 * rowHeight);
  const before = list.pixelOf("row 45");
  list.change(more(7));
  expect(list.pixelOf("row 45")).toBe(before);
});

test("where what is read goes, the row in its place is held", () => {
  const list = makeList(100);
  list.scrollTo(50 * rowHeight);
  list.change((keys) => keys.filter((key) => key !== "row 50"));
  expect(list.pixelOf("row 51")).toBe(0);
  list.change(more(4));
  expect(list.pixelOf("row 51")).toBe(0);
});
