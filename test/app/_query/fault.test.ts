import { beforeAll, describe, expect, test } from "vitest";
import { compilePattern, loadPatterns } from "../../../app/_query/compiler.ts";
import { faultOf } from "../../../app/_query/fault.ts";

test("a query that can be asked has no fault", () => {
  expect(faultOf("size:>1MiB", "blobs", true)).toBeUndefined();
});

test("the wrong piece is marked", () => {
  const fault = faultOf("age:<7d sise:>1", "blobs", true);
  expect(fault).toMatchObject({ before: "age:<7d " });
  expect(fault?.wrong).toContain("sise");
  expect(`${fault?.before}${fault?.wrong}${fault?.after}`).toBe("age:<7d sise:>1");
});

test("each target has fields of its own", () => {
  expect(faultOf("state:stalled", "ingests", true)).toBeUndefined();
  expect(faultOf("state:stalled", "blobs", true)?.wrong).toContain("state");
});

describe("before patterns can be compiled", () => {
  test("a wrong one is not told yet, all else that is wrong is", () => {
    expect(faultOf("a /[b/", "blobs", false)).toBeUndefined();
    expect(faultOf("/[b/ sise:1", "blobs", false)?.wrong).toBe("sise");
    expect(faultOf("/[b", "blobs", false)?.text).toContain("no closing /");
    expect(faultOf("/(a{100}){100}/", "blobs", false)?.text).toBe("regexp repeats too much");
  });
});

describe("once patterns can be compiled", () => {
  beforeAll(async () => {
    expect(() => compilePattern("a")).toThrow("before its compiler is loaded");
    await loadPatterns();
  });
  test("a wrong one is marked where it stands", () => {
    expect(faultOf("size:>1 /[b/ c", "blobs", true)).toEqual({
      text: "error parsing regexp: missing closing ]: `[b`",
      before: "size:>1 ",
      wrong: "/[b/",
      after: " c",
    });
  });
  test("a right one tests texts", () => {
    expect(compilePattern("^a+$")("aa")).toBe(true);
    expect(compilePattern("^a+$")("ab")).toBe(false);
  });
});
