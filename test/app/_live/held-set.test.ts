import { expect, test } from "vitest";
import { createHeldSet, goneRowMs } from "../../../app/_live/held-set.ts";

interface Row {
  readonly name: string;
  readonly value: number;
}

const row = (name: string, value = 0): Row => ({ name, value });
const create = () => createHeldSet<Row, string>(({ name }) => name);

/** A set that was told whole at the moment 0. */
function told(...names: readonly string[]) {
  const held = create();
  held.begin();
  held.put(
    names.map((name) => row(name)),
    0,
  );
  held.complete(0);
  return held;
}

test("rows of the first set are not new, and later ones are", () => {
  const held = told("a");
  held.put([row("b")], 10);
  expect(held.rows()).toEqual([
    { key: "a", row: row("a") },
    { key: "b", row: row("b"), newAt: 10 },
  ]);
});

test("a row that changes keeps its place and when it came", () => {
  const held = told("a", "b");
  held.put([row("c")], 10);
  held.put([row("c", 1), row("a", 1)], 20);
  expect(held.rows().map(({ key, row: { value }, newAt }) => [key, value, newAt])).toEqual([
    ["a", 1, undefined],
    ["b", 0, undefined],
    ["c", 1, 10],
  ]);
});

test("a row that is gone stays for five seconds, and then is let go of", () => {
  const held = told("a", "b");
  held.remove("a", 100, "aborted");
  expect(held.row("a")).toMatchObject({ goneAt: 100, end: "aborted" });
  expect(held.gone).toBe(1);
  expect(held.prune(100 + goneRowMs - 1)).toEqual([]);
  expect(held.prune(100 + goneRowMs).map(({ key }) => key)).toEqual(["a"]);
  expect(held.rows().map(({ key }) => key)).toEqual(["b"]);
});

test("what goes twice went the first time", () => {
  const held = told("a");
  held.remove("a", 100, "aborted");
  held.remove("a", 200, "committed");
  expect(held.row("a")).toMatchObject({ goneAt: 100, end: "aborted" });
});

test("a row that comes back is new again", () => {
  const held = told("a");
  held.remove("a", 100);
  held.put([row("a")], 200);
  expect(held.rows()).toEqual([{ key: "a", row: row("a"), newAt: 200 }]);
});

test("while the set is told anew nothing vanishes; what it did not tell is gone once it is whole", () => {
  const held = told("a", "b");
  held.begin();
  held.put([row("b", 1), row("c")], 500);
  expect(held.rows().map(({ key }) => key)).toEqual(["a", "b", "c"]);
  held.complete(600);
  expect(held.rows()).toEqual([
    { key: "a", row: row("a"), goneAt: 600 },
    { key: "b", row: row("b", 1) },
    { key: "c", row: row("c"), newAt: 500 },
  ]);
});

test("a row after the last one of a window left it, and one before it is gone", () => {
  const held = create();
  held.put([row("a", 1), row("b", 2), row("c", 3)], 0);
  held.complete(0);
  held.begin();
  held.put([row("b", 2)], 500);
  held.complete(500, (a, b) => a.value - b.value);
  expect(held.rows().map(({ key, goneAt }) => [key, goneAt])).toEqual([
    ["a", 500],
    ["b", undefined],
  ]);
});

test("a row that left the selection is not shown as gone", () => {
  const held = told("a", "b");
  held.drop("a");
  expect(held.rows().map(({ key }) => key)).toEqual(["b"]);
  expect(held.gone).toBe(0);
});
