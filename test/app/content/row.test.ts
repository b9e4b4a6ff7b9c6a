import { describe, expect, test } from "vitest";
import { startsNear } from "../../../app/content/find-sent-row.ts";
import { tokensOf } from "../../../app/content/row-tokens.ts";
import { restsOf } from "../../../app/content/use-excluding.ts";
import { makeDigest } from "../../../content/parse-digest.ts";
import { compileBlobQuery, readQuery } from "../../../content/query.ts";
import { compileRegexp } from "../../../content/regexp.ts";

const labels = {
  team: "payments",
  "odd key": 'a "b" c',
  ...Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`k${n}`, "v"])),
};
const info = {
  digest: makeDigest("sha256", "0".repeat(64)),
  size: 1999,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  labels,
};

test("a row matches every token that its menu offers, and none of the excluding ones", () => {
  const blob = { namespace: "k8s.io", info };
  const tokens = tokensOf(blob);
  expect(tokens).toHaveLength(10);
  for (const token of tokens) {
    expect(compileBlobQuery(readQuery(token, "blobs"), new Date(), compileRegexp)(blob)).toBe(true);
    expect(compileBlobQuery(readQuery(`-${token}`, "blobs"), new Date(), compileRegexp)(blob)).toBe(false);
  }
});

describe("a row is searched", () => {
  test("from the top on, where it was near that", () => {
    expect(startsNear(3)).toEqual([0, 1000, 2000, 3000, 4000, 5000]);
  });

  test("around its place, the nearest rows first", () => {
    expect(startsNear(100_000).slice(0, 5)).toEqual([99_500, 100_500, 98_500, 101_500, 97_500]);
  });
});

describe("a query without a match", () => {
  test("is tried without each of its tokens", () => {
    expect(restsOf("size:>1MiB  ns:moby -label:a", "blobs")).toEqual([
      { token: "size:>1MiB", rest: "ns:moby -label:a" },
      { token: "ns:moby", rest: "size:>1MiB  -label:a" },
      { token: "-label:a", rest: "size:>1MiB  ns:moby" },
    ]);
  });

  test.for(["", "ns:moby"])("%j has nothing to leave out", (query) => {
    expect(restsOf(query, "blobs")).toEqual([]);
  });
});
