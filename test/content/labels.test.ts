import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyLabels, blobLabels, namespaceLabels, validateLabel, validateLabels } from "../../content/labels.ts";
import { makeDigest } from "../../content/parse-digest.ts";

const digest = makeDigest("sha256", "a".repeat(64));
const owner = blobLabels(digest);

const invalid = (text: string) => expect.objectContaining({ kind: "invalid-argument", message: text });

describe("a label", () => {
  test("has 4096 bytes of key and value at most", () => {
    expect(() => validateLabel("k", "v".repeat(4095))).not.toThrow();
    expect(() => validateLabel("é", "é".repeat(2047))).not.toThrow();
    expect(() => validateLabel("k", "v".repeat(4096))).toThrow(
      invalid("label key and value greater than maximum size (4096 bytes), key: k"),
    );
    expect(() => validateLabel("é", "é".repeat(2048))).toThrow("greater than maximum size");
  });
  test("is named in the error by the first ten bytes of its key", () => {
    expect(() => validateLabel("containerd.io/gc.root", "v".repeat(4096))).toThrow(/, key: containerd$/);
  });
  test("has a key", () => {
    expect(() => validateLabel("", "v")).toThrow(invalid("label key must not be empty"));
  });
});

test("1,000 labels are taken, 1,001 are refused", () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, "v"]));
  expect(() => validateLabels(many(1000), owner)).not.toThrow();
  expect(() => validateLabels(many(1001), owner)).toThrow(invalid("info.Labels: more than 1000 labels"));
  expect(() => validateLabels(many(1001), namespaceLabels)).toThrow(invalid("namespace.Labels: more than 1000 labels"));
});

describe("an update", () => {
  const before = { kept: "1", changed: "old", dropped: "x" };

  test("without a mask replaces all labels", () => {
    expect(applyLabels(before, { changed: "new" }, [], owner)).toEqual({ changed: "new" });
    expect(applyLabels(before, {}, [], owner)).toEqual({});
  });
  test("with the mask `labels` replaces all labels of a blob", () => {
    expect(applyLabels(before, { changed: "new" }, ["labels"], owner)).toEqual({ changed: "new" });
  });
  test("with `labels.KEY` touches only that label", () => {
    expect(applyLabels(before, { changed: "new", kept: "2" }, ["labels.changed"], owner)).toEqual({
      ...before,
      changed: "new",
    });
  });
  test("removes what its mask names with an empty or no value", () => {
    expect(applyLabels(before, { changed: "" }, ["labels.changed", "labels.dropped"], owner)).toEqual({ kept: "1" });
  });
  test("keeps no empty value", () => {
    expect(applyLabels(before, { changed: "", kept: "2" }, [], owner)).toEqual({ kept: "2" });
  });
  test("reads a key with dots as it is", () => {
    const update = { "containerd.io/gc.ref.content.0": "y" };
    expect(applyLabels({}, update, ["labels.containerd.io/gc.ref.content.0"], owner)).toEqual(update);
  });
  test("takes the mask's paths in their order", () => {
    const update = { a: "1", b: "2" };
    expect(applyLabels({ c: "3" }, update, ["labels.a", "labels"], owner)).toEqual(update);
  });
  test("of another field is refused with containerd's text", () => {
    expect(() => applyLabels(before, {}, ["labels.kept", "size"], owner)).toThrow(
      invalid(`cannot update "size" field on content info "${digest}"`),
    );
    expect(() => applyLabels(before, {}, ["name"], namespaceLabels)).toThrow(invalid('cannot update "name" field'));
    expect(() => applyLabels(before, {}, ["labels"], namespaceLabels)).toThrow(invalid('cannot update "labels" field'));
  });
  test("to a label that is not valid is refused", () => {
    expect(() => applyLabels(before, { k: "v".repeat(4096) }, ["labels.k"], owner)).toThrow(
      invalid("info.Labels: label key and value greater than maximum size (4096 bytes), key: k"),
    );
  });
  test("leaves what it was given as it is", () => {
    const given = Object.freeze({ ...before });
    applyLabels(given, Object.freeze({ changed: "new" }), ["labels.changed"], owner);
    expect(given).toEqual(before);
  });
  test("sets any key, also one that objects have by themselves", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom("__proto__", "constructor"), fc.string({ minLength: 1, maxLength: 40 })),
        (key) => {
          const update = Object.fromEntries([[key, "v"]]);
          const after = applyLabels({}, update, [`labels.${key}`], owner);
          expect(Object.entries(after)).toEqual([[key, "v"]]);
          expect(Object.entries(applyLabels(after, {}, [`labels.${key}`], owner))).toEqual([]);
        },
      ),
    );
  });
});
