import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TokenFacts } from "../../../server/feed/token.ts";
import { formatToken, hashIdentity, hashSelection, parseToken } from "../../../server/feed/token.ts";

const facts: TokenFacts = {
  boot: "00112233445566ff",
  sequence: 7,
  selection: hashSelection(["blobs", {}]),
  identity: hashIdentity(""),
};

const refusal = { kind: "invalid-argument", message: "resume_token is none of this server's; begin without one" };

test("a token is URL-safe and says what it was made of, up to the last number there is", () => {
  const hex = (bytes: number) =>
    fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((b) => Buffer.from(b).toString("hex"));
  fc.assert(
    fc.property(
      fc.record({ boot: hex(8), sequence: fc.nat({ max: 2 ** 48 - 1 }), selection: hex(12), identity: hex(6) }),
      (some) => {
        const token = formatToken(some);
        expect(token).toMatch(/^[\w-]{44}$/);
        expect(parseToken(token)).toEqual(some);
      },
    ),
  );
});

test("a token holds neither the selection nor the identity in plain words", () => {
  const token = formatToken({ ...facts, selection: hashSelection(["secret"]), identity: hashIdentity("mei") });
  const text = Buffer.from(token, "base64url").toString("latin1");
  expect(text).not.toContain("secret");
  expect(text).not.toContain("mei");
});

describe("what is no token is refused in one line", () => {
  const token = formatToken(facts);
  test.each([
    ["a word", "token"],
    ["a token with more behind it", `${token}AAAA`],
    ["the first half of a token", token.slice(0, 22)],
    ["a token with padding", `${token}=`],
    ["base64 that is not of URLs", `${token.slice(0, 40)}+/+/`],
    ["bits beyond the last byte", "AB"],
    ["a text without end", "A".repeat(100_000)],
  ])("%s", (_, text) => {
    expect(() => parseToken(text)).toThrow(expect.objectContaining(refusal));
  });

  test("anything at all", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        try {
          const parsed = parseToken(text);
          if (parsed !== undefined) expect(formatToken(parsed)).toBe(text);
        } catch (error) {
          expect(error).toMatchObject(refusal);
        }
      }),
    );
  });
});

test("a token of another version of the server is told from a text that is none", () => {
  expect(parseToken(Buffer.concat([Buffer.of(2), randomBytes(20)]).toString("base64url"))).toBeUndefined();
});
