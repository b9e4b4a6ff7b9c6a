import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blobAdaptor, compileFilters, statusAdaptor } from "../../../content/filters.ts";
import type { Target } from "../../../content/query.ts";
import { compileBlobQuery, compileIngestQuery, readQuery, toContainerdFilters } from "../../../content/query.ts";
import { compileRegexp } from "../../../content/regexp.ts";
import { blobConditions, blobs, ingestConditions, ingests, now, tokensOf } from "./arbitraries.ts";

/** The filters of a query, and the tokens that are not in them. */
function said(text: string, target: Target) {
  const { filters, unsaid } = toContainerdFilters(readQuery(text, target));
  return { filters, unsaid: unsaid.map(({ start, end }) => text.slice(start, end)) };
}

const whole = `sha256:${"9f".repeat(32)}`;

describe("ctr content ls can say of blobs", () => {
  test.each([
    ["", []],
    ["sha256:9f2c41", ["digest~=^sha256:9f2c41"]],
    ["9f2c41", ["digest~=:9f2c41"]],
    [whole, [`digest==${whole}`]],
    [`-${whole}`, [`digest!=${whole}`]],
    ["digest:/^sha256:[0-3]/", ['digest~="^sha256:[0-3]"']],
    ["label:team", ['labels.team!=""']],
    ["-label:team", ["labels.team~=^$"]],
    ["label:team=", ["labels.team~=^$"]],
    ["-label:team=", ['labels.team!=""']],
    ["label:team=payments", ["labels.team==payments"]],
    ["-label:team=payments", ["labels.team!=payments"]],
    ["label:containerd.io/gc.root=2026", ['labels."containerd.io/gc.root"==2026']],
    ['label:note="too complex, yo"', ['labels.note=="too complex, yo"']],
    ["label:team=/^pay\\d/", ['labels.team!="",labels.team~="^pay\\\\d"']],
    ["label:team=a label:team=b", ["labels.team==a", "labels.team==b"]],
    [
      "label:team=a 9f2c41 label:kind label:team=b 9f2c42",
      [
        'labels.team==a,digest~=:9f2c41,labels.kind!=""',
        'labels.team==a,digest~=:9f2c42,labels.kind!=""',
        'labels.team==b,digest~=:9f2c41,labels.kind!=""',
        'labels.team==b,digest~=:9f2c42,labels.kind!=""',
      ],
    ],
  ])("%j", (text, filters) => {
    expect(said(text, "blobs")).toEqual({ filters, unsaid: [] });
  });
});

describe("ctr content active can say of ingests, in one filter", () => {
  test.each([
    ["layer-sha256:9f", ["ref~=layer-sha256:9f"]],
    ["a.b", ['ref~="a\\\\.b"']],
    ["a /^b/", ['ref~=a,ref~="^b"']],
    ["ref:a ref:/b|c/", ['ref~="(?:a)|(?:b|c)"']],
  ])("%j", (text, filters) => {
    expect(said(text, "ingests")).toEqual({ filters, unsaid: [] });
  });
});

describe("what ctr cannot say is told", () => {
  test.each<[string, Target, readonly string[], readonly string[]]>([
    ["size:>1 label:team ns:moby age:<1d", "blobs", ['labels.team!=""'], ["size:>1", "ns:moby", "age:<1d"]],
    ["payments -9f2c41 /x/", "blobs", [], ["payments", "-9f2c41", "/x/"]],
    ["label:/x/ -label:a=/x/ -digest:/x/", "blobs", [], ["label:/x/", "-label:a=/x/", "-digest:/x/"]],
    ["a state:stalled -b", "ingests", ["ref~=a"], ["state:stalled", "-b"]],
    ["ref:/\\Qa/ ref:b", "ingests", [], ["ref:/\\Qa/", "ref:b"]],
  ])("%j", (text, target, filters, unsaid) => {
    expect(said(text, target)).toEqual({ filters, unsaid });
  });
  test("so is a group that would make too many filters", () => {
    const values = (key: string, count: number) => Array.from({ length: count }, (_, index) => `label:${key}=${index}`);
    const { filters, unsaid } = said([...values("a", 10), ...values("b", 10), ...values("c", 2)].join(" "), "blobs");
    expect(filters).toHaveLength(100);
    expect(unsaid).toEqual(["label:c=0", "label:c=1"]);
  });
});

test("filters let through what the query does, and nothing else when they say all of it", () => {
  fc.assert(
    fc.property(tokensOf(blobConditions), blobs, (text, row) => {
      const query = readQuery(text, "blobs");
      const { filters, unsaid } = toContainerdFilters(query);
      const matches = compileBlobQuery(query, now, compileRegexp)(row);
      const passes = compileFilters(filters)(blobAdaptor(row.info));
      if (matches || unsaid.length === 0) expect(passes).toBe(matches);
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(tokensOf(ingestConditions), ingests, (text, row) => {
      const query = readQuery(text, "ingests");
      const { filters, unsaid } = toContainerdFilters(query);
      const matches = compileIngestQuery(query, now, compileRegexp)(row);
      expect(filters.length).toBeLessThanOrEqual(1);
      const passes = compileFilters(filters)(statusAdaptor(row.status));
      if (matches || unsaid.length === 0) expect(passes).toBe(matches);
    }),
    { numRuns: 2000 },
  );
});
