import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { chooseKeys, faultOfKeys, knownKeys } from "../../../app/settings/known-keys.ts";

const app = join(import.meta.dirname, "..", "..", "..", "app");

/** Keys that stay what they are. */
const fixed = ["Escape", "Ctrl A"];

test("every key that a page listens to, or lists, can be changed in Settings", async () => {
  const files = (await readdir(app, { recursive: true })).filter((name) => /\.tsx?$/.test(name));
  const texts = await Promise.all(files.map((name) => readFile(join(app, name), "utf8")));
  const used = texts.flatMap((text) =>
    Array.from(text.matchAll(/\buse(?:Shortcut|KeyHint)\(\s*"([^"]+)"/g), ([, keys = ""]) => keys),
  );
  const known = Object.values(knownKeys).flatMap((list) => list.map(({ keys }) => keys));
  expect(used.length).toBeGreaterThan(30);
  expect(used.filter((keys) => !known.includes(keys) && !fixed.includes(keys))).toEqual([]);
  expect(new Set(known).size).toBe(known.length);
});

test.each([
  ["c", "z", {}, undefined],
  ["c", "g z", {}, undefined],
  ["c", "c", {}, undefined],
  ["c", "Delete", { Delete: "Z" }, undefined],
  ["c", "d", {}, "d is taken: Download or export"],
  ["c", "z", { d: "z" }, "z is taken: Download or export"],
  ["c", "d", { d: "z" }, undefined],
  ["c", "g", {}, "g begins g c: Go to Content"],
  ["c", "d z", {}, "d alone is taken: Download or export"],
  ["c", "Escape", {}, "One key, or two with a space between, such as g c"],
  ["c", "", {}, "One key, or two with a space between, such as g c"],
] as const)("in the place of %s, %j, where %j was chosen: %s", (made, wanted, chosen, fault) => {
  expect(faultOfKeys(made, wanted, chosen)).toBe(fault);
});

test("keys that are what they were made as are no choice", () => {
  expect(chooseKeys("c", "z", { d: "y" })).toEqual({ c: "z", d: "y" });
  expect(chooseKeys("c", "c", { c: "z", d: "y" })).toEqual({ d: "y" });
});
