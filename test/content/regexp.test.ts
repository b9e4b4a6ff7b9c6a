import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ContentError } from "../../content/errors.ts";
import { compileRegexp } from "../../content/regexp.ts";

const invalid = (text: string) => expect.objectContaining({ kind: "invalid-argument", message: text });

test("a pattern is searched anywhere in a text", () => {
  const matches = compileRegexp("sha256:[0-9a-f]{4}");
  expect(matches("layer-sha256:9f2c41d8")).toBe(true);
  expect(matches("layer-sha256:9f2")).toBe(false);
});

test("the empty pattern matches all", () => {
  expect(compileRegexp("")("")).toBe(true);
  expect(compileRegexp("")("x")).toBe(true);
});

test("the syntax is Go's", () => {
  expect(compileRegexp("(?i)^LAYER")("layer-1")).toBe(true);
  expect(compileRegexp("[[:digit:]]\\z")("layer-1")).toBe(true);
  expect(compileRegexp("\\pL{2}")("1é牛")).toBe(true);
  expect(compileRegexp("\\x{725b}")("牛")).toBe(true);
});

describe("a bad pattern is refused, with what is wrong and where", () => {
  test.each([
    ["[a", "error parsing regexp: missing closing ]: `[a`"],
    ["(a", "error parsing regexp: missing closing ): `(a`"],
    ["a)", "error parsing regexp: unexpected ): `a)`"],
    ["*", "error parsing regexp: missing argument to repetition operator: `*`"],
    ["a(?=b)", "error parsing regexp: invalid or unsupported Perl syntax: `(?=`"],
    ["(a)\\1", "error parsing regexp: invalid escape sequence: `\\1`"],
    ["x{1001}", "error parsing regexp: invalid repeat count: `{1001}`"],
    ["\ud800", "error parsing regexp: invalid UTF-8"],
  ])("%j", (pattern, text) => {
    expect(() => compileRegexp(pattern)).toThrow(invalid(text));
  });
});

describe("limits", () => {
  test("a pattern of 1 KiB is taken, a longer one is refused", () => {
    expect(compileRegexp("é".repeat(512))("é".repeat(512))).toBe(true);
    expect(() => compileRegexp(`${"é".repeat(512)}x`)).toThrow(
      invalid("regexp greater than maximum size (1024 bytes)"),
    );
  });
  test.each(["[a-f0-9]{64}", "[a-f0-9]{128}.*[a-f0-9]{128}", "(?:[a-f0-9]{2}:){31}[a-f0-9]{2}", "\\x{10ffff}"])(
    "%j is taken",
    (pattern) => {
      expect(() => compileRegexp(pattern)).not.toThrow();
    },
  );
  test.each(["x{1000}".repeat(100), `(${"a".repeat(900)}){1000}`, "((a{10}){10}){100}", "\\\\x{1000}".repeat(50)])(
    "%j, which repeats too much, is refused before it is compiled",
    (pattern) => {
      expect(() => compileRegexp(pattern)).toThrow(invalid("regexp repeats too much"));
    },
  );
});

test("whatever is given, a pattern is taken or refused with invalid-argument", () => {
  const pieces = [
    "(",
    ")",
    "[",
    "]",
    "{2,",
    "}",
    "*",
    "+",
    "?",
    "|",
    "\\",
    "\\Q",
    "\\p",
    "^",
    "$",
    "a",
    "é",
    "(?i)",
    "(?P<",
  ];
  const patterns = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fc.constantFrom(...pieces)).map((all) => all.join("")),
  );
  fc.assert(
    fc.property(patterns, fc.string(), (pattern, text) => {
      try {
        compileRegexp(pattern)(text);
      } catch (error) {
        expect(error).toBeInstanceOf(ContentError);
        expect(error).toMatchObject({ kind: "invalid-argument" });
      }
    }),
    { numRuns: 1000 },
  );
});
