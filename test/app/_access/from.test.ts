import { expect, test } from "vitest";
import { loginHref, pathOf } from "../../../app/_access/from.ts";

const origin = "http://127.0.0.1:3000";

test.each(["/content?ns=a%2Cb&q=size:>1MiB#x", "/blob?d=sha256:ab", "/-/blob?ns=default&d=sha256:ab"])(
  "signing in leads back to %s as it was",
  (from) => {
    const { searchParams } = new URL(loginHref(new URL(from, origin)), origin);
    const { pathname, search, hash } = new URL(from, origin);
    expect(pathOf(searchParams.get("from"), origin)).toBe(pathname + search + hash);
  },
);

test.each([
  null,
  "",
  "content",
  "//evil.example/content",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/.//evil.example",
  "/a/..//evil.example",
  "https://evil.example/",
  "http://127.0.0.1:3000/content",
  "javascript:alert(1)",
  " /content",
  "//",
  "/login?from=/login",
])("an address that names %j leads to the first page, and to no other origin", (from) => {
  expect(pathOf(from, origin)).toBe("/content");
});

test("a page of Login that leads nowhere does not lead to itself", () => {
  expect(loginHref({ pathname: "/login", search: "?from=/images", hash: "" })).toBe("/login");
});
