import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Condition, Query, Target } from "../../../content/query.ts";
import { formatQuery, formatTerm, quoteKey, quoteValue, readQuery } from "../../../content/query.ts";
import { blobConditions, ingestConditions, queryTexts } from "./arbitraries.ts";

/** What a query asks, wherever its tokens stand. */
const asked = ({ target, terms }: Query) => [target, terms.map(({ condition, excluded }) => ({ condition, excluded }))];

function parsed(text: string, target: Target): Query | undefined {
  try {
    return readQuery(text, target);
  } catch {
    return undefined;
  }
}

describe("a query has one canonical text", () => {
  test.each([
    ['  ns:moby\t -"payments"  ', "ns:moby -payments"],
    ["SHA256:9F2C41", "sha256:9f2c41"],
    ["digest:9F2C41", "9f2c41"],
    ["digest:9f", "digest:9f"],
    ["digest:sha256:", "digest:sha256:"],
    ['"9f2c41"', '"9f2c41"'],
    ['"-x" "a:b" "/etc" a/b 9:b', '"-x" "a:b" "/etc" a/b 9:b'],
    ["size:>1024KiB size:1048576..2097152", "size:>1MiB size:1MiB..2MiB"],
    ["size:1.. size:..2", "size:>=1 size:<=2"],
    ["age:<168h updated:>90s", "age:<1w updated:>1m30s"],
    ['label:"a"="b" label:"a=b"=c label:a="" label:a', 'label:a=b label:"a=b"=c label:a= label:a'],
    ["label:a=/b\\/c/ label:/a b/", "label:a=/b\\/c/ label:/a b/"],
    ['"a\\b\\\\"', "a\\b\\"],
    ['"a b\\\\\\\\c\\""', '"a b\\\\\\c\\""'],
  ])("%s", (text, canonical) => {
    expect(formatQuery(readQuery(text, "blobs"))).toBe(canonical);
  });
});

test("what is written is read as the same query, whatever was typed", () => {
  fc.assert(
    fc.property(queryTexts, fc.constantFrom<Target>("blobs", "ingests"), (text, target) => {
      const query = parsed(text, target);
      if (!query) return;
      const canonical = formatQuery(query);
      const again = readQuery(canonical, target);
      expect(asked(again)).toEqual(asked(query));
      expect(formatQuery(again)).toBe(canonical);
    }),
    { numRuns: 3000 },
  );
});

test("what a page asks for is read as that", () => {
  const readsBack = (condition: Condition, excluded: boolean, target: Target) => {
    expect(asked(readQuery(formatTerm(condition, excluded), target))).toEqual([target, [{ condition, excluded }]]);
  };
  fc.assert(
    fc.property(blobConditions, fc.boolean(), (condition, excluded) => {
      readsBack(condition, excluded, "blobs");
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(ingestConditions, fc.boolean(), (condition, excluded) => {
      readsBack(condition, excluded, "ingests");
    }),
    { numRuns: 2000 },
  );
});

test("a completion is put in quotes where it needs them", () => {
  expect(quoteValue("payments")).toBe("payments");
  expect(quoteValue("a=b")).toBe("a=b");
  expect(quoteValue("/etc")).toBe('"/etc"');
  expect(quoteValue("two words")).toBe('"two words"');
  expect(quoteValue("")).toBe('""');
  expect(quoteKey("a=b")).toBe('"a=b"');
  expect(quoteKey("containerd.io/gc.root")).toBe("containerd.io/gc.root");
});
