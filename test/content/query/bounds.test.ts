import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { microsOf } from "../../../content/instant.ts";
import type { Interval, QueryBounds, Target } from "../../../content/query.ts";
import { compileBlobQuery, compileIngestQuery, queryBounds, readQuery } from "../../../content/query.ts";
import { compileRegexp } from "../../../content/regexp.ts";
import type { Labels } from "../../../content/store.ts";
import { blobConditions, blobs, ingestConditions, ingests, now, tokensOf } from "./arbitraries.ts";

const hour = 3_600_000_000;
const nowMicros = microsOf(now);
const all: Interval = { min: -Infinity, max: Infinity };
const none: QueryBounds = {
  excludedNamespaces: [],
  size: all,
  createdMicros: all,
  updatedMicros: all,
  texts: [],
  needsScan: false,
};

const boundsOf = (text: string, target: Target = "blobs") => queryBounds(readQuery(text, target), now);

describe("an index can be asked all of", () => {
  test.each<[string, Partial<QueryBounds>]>([
    ["", {}],
    ["ns:moby ns:k8s.io ns:moby", { namespaces: ["moby", "k8s.io"] }],
    ["-ns:moby -ns:k8s.io", { excludedNamespaces: ["moby", "k8s.io"] }],
    ["size:>1KiB size:<=2KiB", { size: { min: 1025, max: 2048 } }],
    ["-size:>1KiB", { size: { min: -Infinity, max: 1024 } }],
    ["-size:<1KiB", { size: { min: 1024, max: Infinity } }],
    ["size:5", { size: { min: 5, max: 5 } }],
    ["size:>5 size:<5", { size: { min: 6, max: 4 } }],
    ["age:<1h", { createdMicros: { min: nowMicros - hour + 1, max: Infinity } }],
    ["age:0s..1h", { createdMicros: { min: nowMicros - hour, max: nowMicros } }],
    ["-age:<=0s", { createdMicros: { min: -Infinity, max: nowMicros - 1 } }],
    ["updated:>=1h", { updatedMicros: { min: -Infinity, max: nowMicros - hour } }],
    ["sha256:9f2c41", { digestPrefixes: ["sha256:9f2c41"] }],
    ["9f2c41 digest:sha512:a", { digestPrefixes: ["sha256:9f2c41", "sha384:9f2c41", "sha512:9f2c41", "sha512:a"] }],
    [`${"a".repeat(70)}`, { digestPrefixes: [`sha384:${"a".repeat(70)}`, `sha512:${"a".repeat(70)}`] }],
  ])("%j", (text, bounds) => {
    expect(boundsOf(text)).toEqual({ ...none, ...bounds });
  });
});

describe("rows have to be looked at for", () => {
  test.each<[string, Partial<QueryBounds>]>([
    ["payments", { texts: ["payments"] }],
    ["pay team=payments", { texts: ["pay", "payments"] }],
    ["team=payments", { texts: ["payments"] }],
    ["/^team=pay.*$/", { texts: ["team"] }],
    ["label:team ns:moby", { namespaces: ["moby"], texts: ["team"] }],
    ["label:team=red", { texts: ["team", "red"] }],
    ["label:team=/r.d/", { texts: ["team"] }],
    ["label:team=", {}],
    ["-label:team", {}],
    ["label:/red/", { texts: ["red"] }],
    ["-9f2c41", {}],
    ["9f2c41 digest:/f$/", {}],
    ["-size:5", {}],
    ["size:1..2 size:8..9", { size: { min: 1, max: 9 } }],
    ["/^sha256:9f/ size:>1", { size: { min: 2, max: Infinity }, texts: ["sha256:9f"] }],
  ])("%j", (text, bounds) => {
    expect(boundsOf(text)).toEqual({ ...none, ...bounds, needsScan: true });
  });
});

test("ingests are bounded by namespace, offset and start", () => {
  expect(boundsOf("ns:moby size:0 age:>1h", "ingests")).toEqual({
    ...none,
    namespaces: ["moby"],
    size: { min: 0, max: 0 },
    createdMicros: { min: -Infinity, max: nowMicros - hour - 1 },
  });
  expect(boundsOf("state:stalled", "ingests").needsScan).toBe(true);
});

interface Row {
  readonly namespace: string;
  readonly digest?: string;
  readonly labels?: Labels;
  readonly size: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

function isInside(bounds: QueryBounds, row: Row): boolean {
  const { namespace, digest = "", labels, size, createdAt, updatedAt } = row;
  const texts = [digest, ...Object.entries(labels ?? {}).flat()];
  const isWithin = (value: number, { min, max }: Interval) => value >= min && value <= max;
  return (
    (bounds.namespaces?.includes(namespace) ?? true) &&
    !bounds.excludedNamespaces.includes(namespace) &&
    (bounds.digestPrefixes?.some((prefix) => digest.startsWith(prefix)) ?? true) &&
    (labels === undefined || bounds.texts.every((asked) => texts.some((text) => text.includes(asked)))) &&
    isWithin(size, bounds.size) &&
    isWithin(microsOf(createdAt), bounds.createdMicros) &&
    isWithin(microsOf(updatedAt), bounds.updatedMicros)
  );
}

test("a row that matches is inside, and a row that is inside matches unless it has to be looked at", () => {
  const holds = (bounds: QueryBounds, inside: boolean, matches: boolean) => {
    if (matches || !bounds.needsScan) expect(inside).toBe(matches);
  };
  fc.assert(
    fc.property(tokensOf(blobConditions), blobs, (text, row) => {
      const matches = compileBlobQuery(readQuery(text, "blobs"), now, compileRegexp)(row);
      holds(boundsOf(text), isInside(boundsOf(text), { ...row, ...row.info }), matches);
    }),
    { numRuns: 3000 },
  );
  fc.assert(
    fc.property(tokensOf(ingestConditions), ingests, (text, row) => {
      const bounds = boundsOf(text, "ingests");
      const { offset, startedAt, updatedAt } = row.status;
      const inside = isInside(bounds, { namespace: row.namespace, size: offset, createdAt: startedAt, updatedAt });
      holds(bounds, inside, compileIngestQuery(readQuery(text, "ingests"), now, compileRegexp)(row));
    }),
    { numRuns: 2000 },
  );
});
