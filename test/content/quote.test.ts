import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { goQuote, shellQuote } from "../../content/quote.ts";

/** What a shell's printf writes for these words, each ended by a NUL. */
function printed(shell: string, words: readonly string[]): readonly string[] {
  const script = `printf '%s\\0' ${words.join(" ")}`;
  // With a socket as its input, bash takes itself for a remote shell and reads the user's settings.
  const output = execFileSync(shell, ["-c", script], {
    encoding: "utf8",
    env: { LC_ALL: "C" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return output.split("\0").slice(0, -1);
}

describe("a word of a command line", () => {
  test.each([
    ["content", "content"],
    ["data/stowage.sock", "data/stowage.sock"],
    [`sha256:${"a".repeat(64)}`, `sha256:${"a".repeat(64)}`],
    ["key=value", "key=value"],
    ["=key", "'=key'"],
    ["~root", "'~root'"],
    ["", "''"],
    ["two words", "'two words'"],
    ["it's", "'it'\\''s'"],
    ["$(rm -rf /)", "'$(rm -rf /)'"],
    ["a\nb", "$'a\\012b'"],
    ["\u001b[2J", "$'\\033[2J'"],
    ["it's!\t", "$'it\\047s\\041\\011'"],
    ["a\u202eb", "$'a\\342\\200\\256b'"],
  ])("%j is copied as %s", (text, word) => {
    expect(shellQuote(text)).toBe(word);
  });

  const texts = (unit: "binary" | "grapheme") => fc.array(fc.string({ unit, maxLength: 40 }), { minLength: 1 });

  test("means the text again in bash, whatever is in it but a NUL", () => {
    fc.assert(
      fc.property(texts("binary"), (all) => {
        const words = all.map((text) => text.replaceAll("\0", ""));
        expect(printed("bash", words.map(shellQuote))).toEqual(words);
      }),
    );
  });
  test("means the text again in sh, when it has no control characters", () => {
    fc.assert(
      fc.property(texts("grapheme"), (all) => {
        const words = all.map((text) => text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, "'"));
        expect(printed("sh", words.map(shellQuote))).toEqual(words);
      }),
    );
  });
  test("never puts a control character on a terminal", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(shellQuote(text)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});

describe("a text in an error is quoted as Go does", () => {
  test.each([
    ["foo", '"foo"'],
    ['a"b\\c', '"a\\"b\\\\c"'],
    ["\u0007\b\f\n\r\t\v", '"\\a\\b\\f\\n\\r\\t\\v"'],
    ["\0\u001b\u007f", '"\\x00\\x1b\\x7f"'],
    ["é牛😀", '"é牛😀"'],
    ["\u0080\u00a0\u200b\u2028", '"\\u0080\\u00a0\\u200b\\u2028"'],
    ["\u{e0001}", '"\\U000e0001"'],
    ["\ufffd", '"\ufffd"'],
  ])("%j", (text, quoted) => {
    expect(goQuote(text)).toBe(quoted);
  });
});
