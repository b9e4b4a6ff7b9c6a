import { expect, test } from "vitest";
import { declaredSize, parseDescriptor } from "../../content/descriptor.ts";

const digest = `sha256:${"a".repeat(64)}`;

test("a size of 0 or below is unknown", () => {
  expect(declaredSize(undefined)).toBeUndefined();
  expect(declaredSize(0)).toBeUndefined();
  expect(declaredSize(-1)).toBeUndefined();
  expect(declaredSize(1)).toBe(1);
});

test.each([2 ** 53, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("a size of %d is refused", (size) => {
  expect(() => declaredSize(size)).toThrow(expect.objectContaining({ kind: "invalid-argument" }));
});

test("what is not declared is left out", () => {
  expect(parseDescriptor("", 0)).toEqual({});
  expect(parseDescriptor(undefined)).toEqual({});
  expect(parseDescriptor(digest, -1)).toEqual({ digest });
  expect(parseDescriptor(digest, 5)).toEqual({ digest, size: 5 });
});

test("a declared digest that is none is refused", () => {
  expect(() => parseDescriptor("foo", 5)).toThrow('"foo" failed validation');
});
