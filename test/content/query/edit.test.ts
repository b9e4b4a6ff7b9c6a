import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addToken, hasToken, readQuery, removeToken, toggleToken } from "../../../content/query.ts";
import { blobConditions, queryTexts, tokensOf } from "./arbitraries.ts";

describe("a token is added, and the rest stays as it was typed", () => {
  test.each([
    ["", "ns:moby", "ns:moby"],
    ["  a   SIZE ", "ns:moby", "  a   SIZE ns:moby"],
    ["ns:k8s.io", "ns:moby", "ns:k8s.io ns:moby"],
    ["label:team=payments a", 'label:"team"="payments"', "label:team=payments a"],
    ["9F2C41", "digest:9f2c41", "9F2C41"],
    ["size:>1024KiB", "size:>1MiB", "size:>1024KiB"],
    ["a  ns:moby  b", "-ns:moby", "a  -ns:moby  b"],
    ['a -label:"team" b', "label:team", "a label:team b"],
    ['a "open', "ns:moby", 'a ns:moby "open'],
    ["/open", "ns:moby", "ns:moby /open"],
    ["sise:1 held:no", "ns:moby", "sise:1 held:no ns:moby"],
    ["a", "ns:moby b", "a"],
    ["a", '"open', "a"],
    ["a", " ", "a"],
  ])("%j and %j", (text, token, after) => {
    expect(addToken(text, token, "blobs")).toBe(after);
  });
});

describe("a token is removed, and the rest stays as it was typed", () => {
  test.each([
    ["ns:moby", "ns:moby", ""],
    ["a  ns:moby  b", "ns:moby", "a  b"],
    ["ns:moby a", "ns:moby", "a"],
    ["a ns:moby ", "ns:moby", "a"],
    ["ns:moby a ns:moby b ns:moby", "ns:moby", "a b"],
    ['label:"team"=payments size:1024', "size:1KiB", 'label:"team"=payments'],
    ["-ns:moby", "ns:moby", "-ns:moby"],
    ["ns:moby", "-ns:moby", "ns:moby"],
    ["sise:1 a", "sise:1", "a"],
    ["a", "ns:moby b", "a"],
  ])("%j without %j", (text, token, after) => {
    expect(removeToken(text, token, "blobs")).toBe(after);
  });
});

test("a word means a digest among blobs alone", () => {
  expect(hasToken("digest:9f2c41", "9f2c41", "blobs")).toBe(true);
  expect(hasToken('"9f2c41"', "9f2c41", "blobs")).toBe(false);
  expect(hasToken('"9f2c41"', "9f2c41", "ingests")).toBe(true);
});

test("a token that is toggled comes and goes", () => {
  expect(toggleToken("a", "ns:moby", "blobs")).toBe("a ns:moby");
  expect(toggleToken("a ns:moby", "ns:moby", "blobs")).toBe("a");
  expect(toggleToken("a -ns:moby", "ns:moby", "blobs")).toBe("a ns:moby");
});

const tokens = tokensOf(blobConditions).filter((text) => readQuery(text, "blobs").terms.length === 1);

test("whatever was typed, a token that is added is there, and one that is removed is not", () => {
  fc.assert(
    fc.property(fc.oneof(queryTexts, tokensOf(blobConditions)), tokens, (text, token) => {
      const added = addToken(text, token, "blobs");
      expect(hasToken(added, token, "blobs")).toBe(true);
      expect(addToken(added, token, "blobs")).toBe(added);
      expect(hasToken(removeToken(added, token, "blobs"), token, "blobs")).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

test("a query that parses still does after every click", () => {
  fc.assert(
    fc.property(tokensOf(blobConditions), tokens, (text, token) => {
      expect(() => readQuery(addToken(text, token, "blobs"), "blobs")).not.toThrow();
      expect(() => readQuery(removeToken(text, token, "blobs"), "blobs")).not.toThrow();
      expect(() => readQuery(toggleToken(text, token, "blobs"), "blobs")).not.toThrow();
    }),
    { numRuns: 1000 },
  );
});
