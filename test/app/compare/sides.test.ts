import { expect, test } from "vitest";
import { areSame, sideFromText, sideToText, sideWords } from "../../../app/compare/sides.ts";

test.each([
  ["node-9", { store: "node-9", namespaces: [] }, "node-9"],
  ["node-9/k8s.io", { store: "node-9", namespaces: ["k8s.io"] }, "node-9/k8s.io"],
  ["node-9/k8s.io,moby", { store: "node-9", namespaces: ["k8s.io", "moby"] }, "node-9/2 namespaces"],
])("%s in an address is a side, and is written so", (text, side, words) => {
  expect(sideFromText(text)).toEqual(side);
  expect(sideToText(side)).toBe(text);
  expect(sideWords(side)).toBe(words);
});

test("an address may say all namespaces, or one twice, and may name no store", () => {
  expect(sideFromText("local/*")).toEqual({ store: "local", namespaces: [] });
  expect(sideFromText("local/a,,a")).toEqual({ store: "local", namespaces: ["a"] });
  expect(sideFromText("")).toBeUndefined();
  expect(sideFromText("/a")).toBeUndefined();
});

test("sides are the same whatever order their namespaces are in", () => {
  const side = (...namespaces: string[]) => ({ store: "local", namespaces });
  expect(areSame(side("a", "b"), side("b", "a"))).toBe(true);
  expect(areSame(side("a"), side())).toBe(false);
  expect(areSame(side("a"), { store: "other", namespaces: ["a"] })).toBe(false);
});
