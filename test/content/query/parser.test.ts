import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ContentError } from "../../../content/errors.ts";
import type { Condition, Target } from "../../../content/query.ts";
import { parseQuery, patternsOf, queryFields, queryLimits, readQuery } from "../../../content/query.ts";
import { compileRegexp } from "../../../content/regexp.ts";
import { queryTexts } from "./arbitraries.ts";

const conditions = <T extends Target>(text: string, target: T) =>
  parseQuery(text, target, compileRegexp).terms.map(({ condition }) => condition);

/** What a query is refused with: the message, and the text that is marked. */
function refusal(text: string, target: Target): readonly [string, string] {
  try {
    parseQuery(text, target, compileRegexp);
  } catch (error) {
    if (!(error instanceof ContentError) || !error.facts.query) throw error;
    expect(error.kind).toBe("invalid-argument");
    const { column, length } = error.facts.query;
    return [error.message, text.slice(column - 1, column - 1 + length)];
  }
  throw new Error(`${text} was taken`);
}

const word = (text: string): Condition => ({ field: "text", matcher: { kind: "literal", text } });
const found = (pattern: string): Condition => ({ field: "text", matcher: { kind: "regexp", pattern } });
const digest = (hex: string, algorithm?: "sha256"): Condition => ({
  field: "digest",
  matcher: { kind: "prefix", ...(algorithm && { algorithm }), hex },
});
const label = (key: string, text?: string): Condition => ({
  field: "label",
  key,
  ...(text !== undefined && { value: { kind: "literal", text } }),
});

describe("a token of blobs is read", () => {
  test.each<[string, Condition]>([
    ["payments", word("payments")],
    ["decade", digest("decade")],
    ['"decade"', word("decade")],
    ["9f2c4", word("9f2c4")],
    ["9F2C41", digest("9f2c41")],
    ["sha256:9f2c41", digest("9f2c41", "sha256")],
    ["sha256:9f2c", word("sha256:9f2c")],
    [`${"9".repeat(129)}`, word("9".repeat(129))],
    ["docker.io/library/alpine:3.20", word("docker.io/library/alpine:3.20")],
    ["layer-sha256:9f2c41", word("layer-sha256:9f2c41")],
    ['two" "words', word("two words")],
    ['"a \\"b\\" \\\\ \\n"', word('a "b" \\ \\n')],
    ["/^sha256:9f/", found("^sha256:9f")],
    ["/a b\\/c\\\\/", found("a b/c\\\\")],
    ["digest:9", digest("9")],
    ["digest:sha256:", digest("", "sha256")],
    ["digest:SHA256:9F", digest("9f", "sha256")],
    ["digest:/ff$/", { field: "digest", matcher: { kind: "regexp", pattern: "ff$" } }],
    ["size:>100MiB", { field: "size", range: { operator: ">", value: 104_857_600 } }],
    ["size:>=1", { field: "size", range: { operator: ">=", value: 1 } }],
    ["size:<1KiB", { field: "size", range: { operator: "<", value: 1024 } }],
    ["size:<=1KiB", { field: "size", range: { operator: "<=", value: 1024 } }],
    ["size:0", { field: "size", range: { operator: "=", value: 0 } }],
    ["size:1KiB..2KiB", { field: "size", range: { operator: "..", from: 1024, to: 2048 } }],
    ["size:1KiB..", { field: "size", range: { operator: ">=", value: 1024 } }],
    ["size:..2KiB", { field: "size", range: { operator: "<=", value: 2048 } }],
    ["age:<7d", { field: "age", range: { operator: "<", value: 604_800 } }],
    ["age:1h..2h", { field: "age", range: { operator: "..", from: 3600, to: 7200 } }],
    ["updated:>3m12s", { field: "updated", range: { operator: ">", value: 192 } }],
    ["ns:k8s.io", { field: "ns", name: "k8s.io" }],
    ["label:team", label("team")],
    ["label:containerd.io/gc.root", label("containerd.io/gc.root")],
    ["label:team=payments", label("team", "payments")],
    ["label:team=", label("team", "")],
    ['label:team=""', label("team", "")],
    ['label:note="too complex, yo"', label("note", "too complex, yo")],
    ["label:a=b=c", label("a", "b=c")],
    ['label:"a=b c"=d', label("a=b c", "d")],
    ["label:path=a/b", label("path", "a/b")],
    ['label:path="/a"', label("path", "/a")],
    ["label:team=/^pay/", { field: "label", key: "team", value: { kind: "regexp", pattern: "^pay" } }],
    ["label:/team=pay/", { field: "any-label", pattern: "team=pay" }],
  ])("%s", (text, condition) => {
    expect(conditions(text, "blobs")).toEqual([condition]);
  });
});

describe("a token of ingests is read", () => {
  test.each<[string, Condition]>([
    ["9f2c41", word("9f2c41")],
    ["/^layer-/", found("^layer-")],
    ["ref:layer", { field: "ref", matcher: { kind: "literal", text: "layer" } }],
    ["ref:/^layer/", { field: "ref", matcher: { kind: "regexp", pattern: "^layer" } }],
    ["state:stalled", { field: "state", state: "stalled" }],
    ["size:0", { field: "size", range: { operator: "=", value: 0 } }],
    ["age:>1h", { field: "age", range: { operator: ">", value: 3600 } }],
    ["ns:moby", { field: "ns", name: "moby" }],
  ])("%s", (text, condition) => {
    expect(conditions(text, "ingests")).toEqual([condition]);
  });
});

test("tokens stand between any spaces, and know where", () => {
  const { terms } = parseQuery('  ns:moby\u00a0-"a b"\n9f2c41 ', "blobs", compileRegexp);
  expect(terms.map(({ span, excluded }) => [span.start, span.end, excluded])).toEqual([
    [2, 9, false],
    [10, 16, true],
    [17, 23, false],
  ]);
});

test("a query of nothing asks nothing", () => {
  expect(parseQuery(" \t", "blobs", compileRegexp).terms).toEqual([]);
});

test("every example of a field's help is a token of that field", () => {
  for (const target of ["blobs", "ingests"] as const) {
    for (const { name, example } of queryFields(target)) {
      expect(conditions(example, target)).toMatchObject([{ field: name }]);
    }
  }
});

test("a query cannot be changed", () => {
  const query = parseQuery("size:1..2 label:a=b", "blobs", compileRegexp);
  const within = (value: unknown): readonly unknown[] =>
    typeof value === "object" && value !== null ? [value, ...Object.values(value).flatMap(within)] : [];
  expect(within(query).filter((value) => !Object.isFrozen(value))).toEqual([]);
});

describe("a query of blobs is refused, with the piece at fault", () => {
  test.each([
    ["ns:moby held:no", "held: cannot be asked yet, the store does not keep it", "held"],
    ["sise:1", 'there is no field "sise" (did you mean size:?); text with a colon stands in quotes', "sise"],
    ["-Size:1", 'there is no field "Size" (did you mean size:?); text with a colon stands in quotes', "Size"],
    [
      "http://x",
      'there is no field "http" (only digest, size, age, updated, ns, label); text with a colon stands in quotes',
      "http",
    ],
    ["state:stalled", "state: is a field of ingests; blobs have digest, size, age, updated, ns, label", "state"],
    ["a -size: b", "size: needs a value", "-size:"],
    ["a - b", "- has to be followed by what it excludes", "-"],
    ['a ""', "the text is empty", '""'],
    ["a //", "the regular expression is empty", "//"],
    ["label://", "the regular expression is empty", "//"],
    ["label:a=//", "the regular expression is empty", "a=//"],
    ['ns:moby "two words', "the quote is not closed", '"two words'],
    ['label:note="a b', "the quote is not closed", '"a b'],
    ["a /etc b", "the regular expression has no closing /; text that begins with / stands in quotes", "/etc b"],
    ["/etc/passwd", "a space has to follow the regular expression; text stands in quotes", "passwd"],
    ["a /[b/", "error parsing regexp: missing closing ]: `[b`", "/[b/"],
    ["digest:/(/", "error parsing regexp: missing closing ): `(`", "/(/"],
    ["ns:/a/", "no regular expression can stand here", "/a/"],
    ["size:/1/", "no regular expression can stand here", "/1/"],
    ["digest:xyz", 'no digest begins with "xyz"', "xyz"],
    ["digest:md5:00", 'no digest begins with "md5:00"', "md5:00"],
    [`digest:sha256:${"0".repeat(65)}`, `no digest begins with "sha256:${"0".repeat(65)}"`, `sha256:${"0".repeat(65)}`],
    ["size:>100M", '"100M": units are B, KiB, MiB, GiB and TiB, did you mean 100MiB?', ">100M"],
    ["size:2..1", '"2..1" goes from the greater to the smaller', "2..1"],
    ["size:1..2..3", '"2..3" is no size, such as 100MiB', "1..2..3"],
    ["size:..", '"" is no size, such as 100MiB', ".."],
    ["age:7d", "less or more than 7d? Say <7d or >7d", "7d"],
    ["age:<7", '"7" needs a unit: s, m, h, d or w', "<7"],
    ["ns:a..b", '"a..b" cannot be a namespace\'s name', "a..b"],
    ["label:=x", "label: needs a key, as in label:team=payments", "=x"],
    ['label:""', "label: needs a key, as in label:team=payments", '""'],
  ])("%j", (text, message, marked) => {
    expect(refusal(text, "blobs")).toEqual([message, marked]);
  });
});

describe("a query of ingests is refused, with the piece at fault", () => {
  test.each([
    ["label:a", "label: is a field of blobs; ingests have ref, state, size, age, ns", "label"],
    ["state:active", 'no ingest is "active"; they are writing, stalled, resumable', "active"],
    ["source:x", "source: cannot be asked yet, the store does not keep it", "source"],
  ])("%j", (text, message, marked) => {
    expect(refusal(text, "ingests")).toEqual([message, marked]);
  });
});

describe("limits", () => {
  test("a query of 4 KiB is taken, a longer one is refused", () => {
    expect(conditions("é".repeat(2048), "blobs")).toHaveLength(1);
    const longer = `${"é".repeat(2048)}x`;
    expect(refusal(longer, "blobs")).toEqual([`query greater than maximum size (${queryLimits.bytes} bytes)`, longer]);
  });
  test("64 tokens are taken, the next one is refused", () => {
    expect(conditions("a ".repeat(64), "blobs")).toHaveLength(64);
    expect(refusal(`${"a ".repeat(64)}ns:moby b`, "blobs")).toEqual(["a query has 64 parts at most", "ns:moby"]);
  });
  test("a pattern that repeats too much is refused before any is compiled, so are many together", () => {
    expect(refusal("a /(a{100}){100}/", "blobs")).toEqual(["regexp repeats too much", "/(a{100}){100}/"]);
    expect(refusal("/(a{50}){50}/ ns:moby /(b{50}){50}/", "blobs")).toEqual([
      "regexps repeat too much together",
      "/(b{50}){50}/",
    ]);
  });
  test("a pattern over 1 KiB is refused", () => {
    const pattern = `/${"a".repeat(1025)}/`;
    expect(refusal(`b ${pattern}`, "blobs")).toEqual(["regexp greater than maximum size (1024 bytes)", pattern]);
  });
  test("an error repeats no more than the beginning of what was typed", () => {
    for (const text of [
      `${"x".repeat(4000)}:`,
      `size:${"1x".repeat(2000)}`,
      `ns:${"-".repeat(4000)}`,
      `age:<${"牛".repeat(1000)}`,
    ]) {
      expect(refusal(text, "blobs")[0].length).toBeLessThan(250);
    }
  });
  test("what is no Unicode is refused", () => {
    expect(refusal("\ud800", "ingests")[0]).toBe("query must be Unicode");
  });
});

describe("a query is read without its patterns being compiled", () => {
  const never = () => {
    throw new Error("it was compiled");
  };
  test("as it is with them", () => {
    const text = "a /[b]/ -label:k=/c/ digest:/^sha/ label:/d/";
    expect(readQuery(text, "blobs")).toEqual(parseQuery(text, "blobs", compileRegexp));
  });
  test("whatever is wrong with one", () => {
    expect(readQuery("a /[b/", "blobs").terms).toHaveLength(2);
    expect(() => parseQuery("a /[b/", "blobs", never)).toThrow("it was compiled");
  });
  test("but within the limits of patterns", () => {
    expect(() => readQuery("/(a{100}){100}/", "blobs")).toThrow("regexp repeats too much");
  });
  test("and nothing is compiled for one that has none, or that is over a limit", () => {
    expect(parseQuery('ns:moby "/a/" size:>1', "blobs", never).terms).toHaveLength(3);
    expect(() => parseQuery("/(a{50}){50}/ /(b{50}){50}/", "blobs", never)).toThrow("regexps repeat too much together");
  });
});

test("the patterns of a text are told with their places, whether it is a query or not", () => {
  const text = 'a /b/ "/c/" label:k=/d\\/e/ sise:/f';
  const patterns = patternsOf(text).map(({ pattern, span }) => [pattern, text.slice(span.start, span.end)]);
  expect(patterns).toEqual([
    ["b", "/b/"],
    ["d/e", "/d\\/e/"],
    ["f", "/f"],
  ]);
});

test("whatever is typed, a query is taken or refused with a place in it", () => {
  fc.assert(
    fc.property(queryTexts, fc.constantFrom<Target>("blobs", "ingests"), (text, target) => {
      try {
        parseQuery(text, target, compileRegexp);
      } catch (error) {
        expect(error).toBeInstanceOf(ContentError);
        const { kind, facts } = error as ContentError;
        expect(kind).toBe("invalid-argument");
        const { column = 0, length = 0 } = facts.query ?? {};
        expect(column).toBeGreaterThanOrEqual(1);
        expect(length).toBeGreaterThanOrEqual(1);
        expect(column - 1 + length).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 3000 },
  );
});
