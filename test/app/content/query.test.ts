import { describe, expect, test } from "vitest";
import { faultOf, readQuery } from "../../../app/content/query.ts";
import { compileFilters } from "../../../content/filters.ts";
import { compileRegexp } from "../../../content/regexp.ts";

describe("a query", () => {
  test.each([
    ["", "none", {}],
    ["   ", "none", {}],
    ["size>=1048576", "filter", { filters: ["size>=1048576"] }],
    ["/^sha256:9f/", "regexp", { regexp: "^sha256:9f" }],
    ["/unfinished", "regexp", { regexp: "unfinished" }],
    ["/a/b/", "regexp", { regexp: "a/b" }],
    ["9f2c41d8", "digest", { regexp: "^[a-z0-9]+:9f2c41d8" }],
    [" sha256:9f2c41 ", "digest", { regexp: "^sha256:9f2c41" }],
    ["9f2c", "filter", { filters: ["9f2c"] }],
    ["/", "filter", { filters: ["/"] }],
  ])("%j is read as %s", (text, kind, selection) => {
    expect(readQuery(text)).toEqual({ kind, selection });
  });

  test("the start of a digest matches that digest, and no other that only holds it", () => {
    const matches = compileRegexp(readQuery("9f2c41d8").selection.regexp ?? "");
    expect(matches(`sha256:9f2c41d8${"0".repeat(56)}`)).toBe(true);
    expect(matches(`sha512:9f2c41d8${"0".repeat(120)}`)).toBe(true);
    expect(matches(`sha256:00009f2c41d8${"0".repeat(52)}`)).toBe(false);
  });
});

/** What the server says of a filter or a regular expression. */
function refusal(compile: () => unknown): string {
  try {
    compile();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("it was taken");
}

describe("the fault of a query", () => {
  test("is marked where containerd's filters mark it", () => {
    const query = "size>>1";
    const fault = faultOf(
      refusal(() => compileFilters([query])),
      query,
    );
    expect(fault.before + fault.wrong + fault.after).toBe(query);
    expect(fault.wrong).not.toBe("");
    expect(fault.text).not.toContain("|<");
  });

  test("is marked where a regular expression stops", () => {
    const fault = faultOf(
      refusal(() => compileRegexp("a(b")),
      "/a(b/",
    );
    expect(fault).toMatchObject({ before: "/", wrong: "a(b", after: "/" });
    expect(fault.text).not.toContain("`");
  });

  test("is the server's words alone where they tell no place", () => {
    expect(faultOf("regexp: longer than 1 KiB", "/x/")).toEqual({
      text: "regexp: longer than 1 KiB",
      before: "/x/",
      wrong: "",
      after: "",
    });
  });
});
