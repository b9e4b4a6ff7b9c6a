import { expect, test } from "vitest";
import { parseChallenge } from "../../../server/registry/challenge.ts";
import { quickest } from "../../support/quickest.ts";

test("a challenge is read with what is quoted in it", () => {
  const header = 'Bearer realm="https://auth.example/token",service="a, b \\"c\\"" , scope=repository:team/app:pull';
  expect(parseChallenge(header)).toEqual({
    scheme: "bearer",
    params: { realm: "https://auth.example/token", service: 'a, b "c"', scope: "repository:team/app:pull" },
  });
});

test.each([
  ["Basic realm=x", { scheme: "basic", params: { realm: "x" } }],
  ["Negotiate", { scheme: "negotiate", params: {} }],
  ["BEARER Realm=a, broken", { scheme: "bearer", params: { realm: "a" } }],
  ["", undefined],
  ["  ,", undefined],
])("%j is read as far as it can be", (header, expected) => {
  expect(parseChallenge(header)).toEqual(expected);
});

test("a header that is long does not take long", async () => {
  const header = `Bearer ${'a="'.repeat(100_000)}`;
  expect(await quickest(() => parseChallenge(header))).toBeLessThan(500);
});
