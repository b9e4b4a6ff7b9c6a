import { expect, test } from "vitest";
import { ContentError } from "../../../content/errors.ts";
import type { NamedRow, Target } from "../../../content/query.ts";
import { compileNamedQuery, formatQuery, parseQuery } from "../../../content/query.ts";
import { compileRegexp } from "../../../content/regexp.ts";

const row: NamedRow = {
  namespace: "moby",
  texts: ["registry.example/app:1", "sha256:aa"],
  labels: { team: "payments" },
  bytes: 2048,
  createdAt: new Date(0),
  states: ["incomplete"],
};

function matches(text: string, changes: Partial<NamedRow> = {}): boolean {
  const query = parseQuery(text, "images", compileRegexp);
  return compileNamedQuery(query, new Date(3_600_000), compileRegexp)({ ...row, ...changes });
}

function refusal(text: string, target: Target): string | undefined {
  try {
    parseQuery(text, target, compileRegexp);
    return undefined;
  } catch (error) {
    return error instanceof ContentError ? error.message : String(error);
  }
}

test.each([
  ["app", true],
  ["payments", true],
  ["/app:\\d$/", true],
  ["-app", false],
  ["name:app:1", true],
  ["name:sha256", false],
  ["name:other name:/:1$/", true],
  ["-name:app", false],
  ["ns:moby ns:default", true],
  ["label:team=payments", true],
  ["label:/^team=pay/", true],
  ["label:owner=", true],
  ["label:team=", false],
  ["size:>1KiB", true],
  ["age:>30m", true],
  ["age:<30m", false],
  ["state:incomplete", true],
  ["state:untagged", false],
  ["state:untagged state:incomplete", true],
])("of an image, %s is %s", (text, expected) => {
  expect(matches(text)).toBe(expected);
});

test("what is not known of a row meets neither a question nor a limit", () => {
  expect(matches("size:<1GiB", { bytes: undefined })).toBe(false);
  expect(matches("age:>1s", { createdAt: undefined })).toBe(false);
});

test("each set has its own states and fields, and a refusal says which", () => {
  expect(refusal("state:leaked", "images")).toBe('no image is "leaked"; they are incomplete, untagged');
  expect(refusal("state:untagged", "leases")).toBe('no lease is "untagged"; they are leaked, lasting, expiring');
  expect(refusal("age:>1h", "namespaces")).toContain("age: is a field of blobs");
  expect(refusal("ref:x", "images")).toContain("ref: is a field of ingests");
  expect(refusal("state:leaked id:a age:<7d label:a=b size:1KiB..2KiB ns:moby", "leases")).toBeUndefined();
});

test("a query of leases is written as it is read", () => {
  const text = 'state:leaked id:"two words" -id:/^x/ -label:team=x age:>1d';
  expect(formatQuery(parseQuery(text, "leases", compileRegexp))).toBe(text);
});
