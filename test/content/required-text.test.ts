import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileRegexp } from "../../content/regexp.ts";
import { piecesOf, requiredText } from "../../content/required-text.ts";

describe("what a pattern requires", () => {
  test.each([
    ["payments", "payments"],
    ["^sha256:9f2", "sha256:9f2"],
    ["ab+c", "ab"],
    ["abc*de", "ab"],
    ["abc?", "ab"],
    ["abc{0,3}de", "ab"],
    ["ab{1}cde{2}x", "cd"],
    ["a{x", "a{x"],
    ["\\.tar\\.gz$", ".tar.gz"],
    ["(abcdef)x", "x"],
    ["(abcdef)?(ghi[)]jk)*x", "x"],
    ["[abcdef]xy", "xy"],
    ["[]abc]xy[^]abc]", "xy"],
    ["[[:alpha:]abc]xy", "xy"],
    ["[a\\]bc]xy", "xy"],
    ["\u{1f600}*x", "x"],
  ])("%j requires %j", (pattern, text) => {
    expect(requiredText(pattern)).toBe(text);
  });

  test.each(["a|b", "(?i)abc", "(?:abc)", "abc\\d", "\\Qa*b\\E", "abc\\x41", ".*", ""])(
    "%j requires nothing that is known",
    (pattern) => {
      expect(requiredText(pattern)).toBe("");
    },
  );
});

const parts = fc.constantFrom(
  ..."a b ab = . ^ $ * + ? {2} {0,1} {x } ( ) [ab] [^a] []a] [[:alpha:]b] [a\\]] \\. \\* \\\\ \\d \\b | \u{1f600}".split(
    " ",
  ),
);
const patterns = fc.array(parts, { maxLength: 8 }).map((all) => all.join(""));
const texts = fc
  .array(fc.constantFrom(..."a b ab aab = ] . * \\ 1 { {x \u{1f600}".split(" ")), { maxLength: 10 })
  .map((all) => all.join(""));

function compiled(pattern: string): ((text: string) => boolean) | undefined {
  try {
    return compileRegexp(pattern);
  } catch {
    return undefined;
  }
}

test("every text that a pattern matches contains what it requires", () => {
  fc.assert(
    fc.property(patterns, texts, (pattern, text) => {
      if (compiled(pattern)?.(text)) expect(text).toContain(requiredText(pattern));
    }),
    { numRuns: 20_000 },
  );
});

test("a label whose text contains another has the longest piece of that in its key or its value", () => {
  const words = fc.string({ unit: fc.constantFrom("a", "b", "="), maxLength: 6 });
  fc.assert(
    fc.property(words, words, words, (key, value, text) => {
      fc.pre(`${key}=${value}`.includes(text));
      for (const piece of piecesOf(text)) expect([key, value].some((part) => part.includes(piece))).toBe(true);
    }),
  );
});
