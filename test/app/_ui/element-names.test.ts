import { expect, test } from "vitest";
import type { ElementNames } from "../../../app/_ui/list/use-element-names.ts";
import { elementNames } from "../../../app/_ui/list/use-element-names.ts";

const named = (keys: string, before: ElementNames = new Map(), inSight = keys, kept?: string) =>
  elementNames(before, [...keys], new Set(inSight), kept);

const namesOf = (names: ElementNames) => [...names.values()];

test("a row keeps its element while rows come and go around it", () => {
  const before = named("abc");
  const after = named("xbcy", before);
  expect(after.get("b")).toBe(before.get("b"));
  expect(after.get("c")).toBe(before.get("c"));
  expect(namesOf(before)).not.toContain(after.get("x"));
  expect(namesOf(before)).not.toContain(after.get("y"));
});

test("rows that replace all in sight take the elements of those that go, in order", () => {
  const before = named("abc");
  expect(namesOf(named("xyzw", before)).slice(0, 3)).toEqual(namesOf(before));
  expect(new Set(namesOf(named("xyzw", before))).size).toBe(4);
});

test("a row beyond the sight keeps its element until its own turn comes", () => {
  const before = named("abcd", new Map(), "ab");
  const after = named("xycd", before, "xy");
  expect(namesOf(after)).toEqual(namesOf(before));
  const last = named("xyzw", after, "xy");
  expect(namesOf(last).slice(0, 2)).toEqual(namesOf(after).slice(0, 2));
  expect(namesOf(after)).not.toContain(last.get("z"));
});

test("the element of the row that may have the focus goes with it", () => {
  const before = named("abc");
  const after = namesOf(named("xyz", before, "xyz", "b"));
  expect(after).not.toContain(before.get("b"));
  expect(new Set(after).size).toBe(3);
});
