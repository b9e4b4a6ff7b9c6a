import { expect, test } from "vitest";
import { Instant } from "../../../content/instant.ts";
import { fingerprint, fromPageToken, toPageToken } from "../../../server/services/page-token.ts";
import { digestOf } from "../feed/table.ts";

const createdAt = new Instant(1_795_511_411_123_456);
const row = {
  namespace: "a",
  info: { digest: digestOf(1), size: 7, createdAt, updatedAt: createdAt, labels: { a: "b" } },
};
const args = fingerprint([{ regexp: "x" }, "*", "size desc"]);

test("a token names its row exactly, and is safe in a URL", () => {
  const token = toPageToken(args, row);
  expect(token).toMatch(/^[\w-]+$/);
  const micros = createdAt.micros;
  const key = { namespace: "a", digest: digestOf(1), size: 7, created_at: micros, updated_at: micros };
  expect(fromPageToken(args, token)).toEqual(key);
});

test("a token of other arguments is refused, and says so", () => {
  const other = fingerprint([{ regexp: "y" }, "*", "size desc"]);
  expect(() => fromPageToken(other, toPageToken(args, row))).toThrow(
    expect.objectContaining({
      kind: "invalid-argument",
      message: expect.stringContaining("another selection or order"),
    }),
  );
});

test.for([
  ["no base64", "%%%"],
  ["no JSON", "aGVsbG8"],
  ["an object", Buffer.from("{}").toString("base64url")],
  ["too short", Buffer.from('["x"]').toString("base64url")],
  ["no numbers", Buffer.from(`["${args}","a","b","c","d","e"]`).toString("base64url")],
  ["too long", "A".repeat(2000)],
])("what is %s is no token", ([, token]) => {
  expect(() => fromPageToken(args, token ?? "")).toThrow(expect.objectContaining({ kind: "invalid-argument" }));
});
