import { expect, test } from "vitest";
import { toMoment } from "../../content/instant.ts";
import { compareBy, parseOrder } from "../../content/order.ts";
import { makeDigest } from "../../content/parse-digest.ts";
import { formatRowKey, parseRowKey } from "../../content/row-key.ts";

const digest = makeDigest("sha256", "a".repeat(64));
const info = { digest, size: 4096, createdAt: toMoment(1_790_000_000_123_456), updatedAt: toMoment(7), labels: {} };
const row = { namespace: "k8s.io", info };

test.each([
  ["", `${digest},k8s.io`],
  ["size desc", `4096,${digest},k8s.io`],
  ["namespace, size desc", `k8s.io,4096,${digest}`],
  ["created_at", `1790000000123456,${digest},k8s.io`],
  ["updated_at, digest desc", `7,${digest},k8s.io`],
])("the key of a row by %j is its values in that order, and stands where the row does", (text, key) => {
  const order = parseOrder(text);
  expect(formatRowKey(order, row)).toBe(key);
  expect(compareBy(order)(parseRowKey(order, key), row)).toBe(0);
});

test.each([
  ["fewer parts", "size", `${digest},k8s.io`],
  ["more parts", "", `${digest},k8s.io,1`],
  ["no digest", "", "sha256:a,k8s.io"],
  ["no namespace", "", `${digest},k8s/io`],
  ["a fraction", "size", `1.5,${digest},k8s.io`],
  ["a number below 0", "created_at", `-1,${digest},k8s.io`],
  ["a number beyond 2^53", "size", `9007199254740993,${digest},k8s.io`],
  ["no text", "size", ""],
])("a text with %s is no key", (_, order, text) => {
  expect(() => parseRowKey(parseOrder(order), text)).toThrow(
    expect.objectContaining({ kind: "invalid-argument", message: expect.stringContaining("start_at") }),
  );
});
