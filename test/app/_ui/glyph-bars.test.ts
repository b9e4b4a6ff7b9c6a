import { expect, test } from "vitest";
import { glyphHeights, glyphPath } from "../../../app/_ui/glyph-bars.ts";
import { makeDigest } from "../../../content/parse-digest.ts";

test("the first 16 bits of a digest are eight heights, two bits each", () => {
  const digest = makeDigest("sha256", `1be4${"0".repeat(60)}`);
  expect(glyphHeights(digest)).toEqual([0, 1, 2, 3, 3, 2, 1, 0]);
});

test("digests that differ in their first 16 bits look different", () => {
  const paths = ["0000", "0001", "4000", "ffff"].map((start) =>
    glyphPath(glyphHeights(makeDigest("sha256", start.padEnd(64, "7")))),
  );
  expect(new Set(paths).size).toBe(4);
});

test("every bar stands on the ground of its box", () => {
  expect(glyphPath([0, 3])).toBe("M0 9h2v3h-2zM3 0h2v12h-2z");
});
