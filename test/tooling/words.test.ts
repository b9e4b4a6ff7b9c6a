import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

/** Tracked lines that hold a word, as `path:line:text`. */
function linesWith(pattern: string, ...paths: string[]): readonly string[] {
  try {
    return execFileSync("git", ["grep", "-nE", pattern, "--", ...paths], { encoding: "utf8" })
      .trim()
      .split("\n");
  } catch {
    return [];
  }
}

test("what is declared of a blob is called total and expected everywhere", () => {
  const words = ["expected", "total"].flatMap((word) =>
    ["Size", "_size", "Digest", "_digest"].map((end) => word + end),
  );
  // AIP-158 calls the number of rows of a whole list so.
  const allowed = /total_size|totalSize/;
  const found = linesWith(words.join("|"), ".", ":!test/tooling/words.test.ts", ":!docs");
  expect(found.filter((line) => !allowed.test(line))).toEqual([]);
});
