import { describe, expect, test } from "vitest";
import type { Selection } from "../../../content/remote/events.ts";
import { compileSelection } from "../../../server/feed/selection.ts";
import { digestOf } from "./table.ts";

const time = new Date(0);

function blob(namespace: string, labels: Record<string, string> = {}, size = 1) {
  return { namespace, info: { digest: digestOf(1), size, createdAt: time, updatedAt: time, labels } };
}

const compile = (selection: Selection, namespace: string | undefined = "a") => compileSelection(selection, namespace);

describe("namespaces", () => {
  test("none is that of the call, some are those and no other, * is every one", () => {
    expect(compile({}).namespaces).toEqual(["a"]);
    expect(compile({ namespaces: ["b", "c", "b"] }).namespaces).toEqual(["b", "c"]);
    expect(compile({ namespaces: ["*"] }, undefined).namespaces).toBe("*");
    expect(compile({}).covers({ namespace: "b" })).toBe(false);
    expect(compile({ namespaces: ["b"] }).covers({ namespace: "b" })).toBe(true);
    expect(compile({ namespaces: ["*"] }).covers({ namespace: "anything" })).toBe(true);
  });

  test("more than 100 are refused", () => {
    const names = Array.from({ length: 101 }, (_, index) => `n${index}`);
    expect(compile({ namespaces: names.slice(1) }).namespaces).toHaveLength(100);
    expect(() => compile({ namespaces: names })).toThrow("more than 100");
  });

  test("a selection of everything that names none needs one from the call", () => {
    expect(() => compileSelection({}, undefined)).toThrow("namespace is required");
  });
});

describe("blobs", () => {
  test("filters are or-ed, the regexp is and-ed with them", () => {
    const { selectsBlob, whole } = compile({ filters: ["labels.tier==gold", "size==101"], regexp: "team=pay" });
    expect(whole).toBe(false);
    expect(selectsBlob(blob("a", { tier: "gold", team: "payments" }))).toBe(true);
    expect(selectsBlob(blob("a", { team: "payments" }, 101))).toBe(true);
    expect(selectsBlob(blob("a", { tier: "gold" }))).toBe(false);
    expect(selectsBlob(blob("a", { team: "payments" }))).toBe(false);
    expect(selectsBlob(blob("b", { tier: "gold", team: "payments" }))).toBe(false);
  });

  test("the regexp does not match across a label's end", () => {
    const { selectsBlob } = compile({ regexp: "one.*two" });
    expect(selectsBlob(blob("a", { k: "one", l: "two" }))).toBe(false);
    expect(selectsBlob(blob("a", { k: "one and two" }))).toBe(true);
  });

  test("without filters and regexp it is whole", () => {
    expect(compile({}).whole).toBe(true);
    expect(compile({}).selectsBlob(blob("a"))).toBe(true);
  });
});

test("a regexp that would take exponential time elsewhere answers at once", () => {
  const { selectsBlob } = compile({ regexp: "(a+)+$" });
  expect(selectsBlob(blob("a", { k: `${"a".repeat(1000)}!` }))).toBe(false);
});

test("a regexp above 1 KiB is refused", () => {
  expect(() => compile({ regexp: "a".repeat(1025) })).toThrowError(
    expect.objectContaining({ kind: "invalid-argument" }),
  );
});

describe("the query", () => {
  test("is and-ed with filters and regexp, and is no whole set", () => {
    const { selectsBlob, whole } = compile({ query: "size:>=10B", filters: ["labels.tier==gold"] });
    expect(whole).toBe(false);
    expect(selectsBlob(blob("a", { tier: "gold" }, 10))).toBe(true);
    expect(selectsBlob(blob("a", { tier: "gold" }, 9))).toBe(false);
    expect(selectsBlob(blob("a", {}, 10))).toBe(false);
  });

  test("that does not parse is refused with the place", () => {
    expect(() => compile({ query: "size:>lots" })).toThrow(
      expect.objectContaining({
        kind: "invalid-argument",
        facts: { query: expect.objectContaining({ column: 6, length: 5 }) },
      }),
    );
  });

  test("lasts unless it asks for ages", () => {
    expect(compile({ filters: ["size==1"], query: "size:>1 label:tier" }).lasting).toBe(true);
    expect(compile({ query: "age:<1h" }).lasting).toBe(false);
    expect(compile({ query: "-updated:<1h" }).lasting).toBe(false);
  });
});
