import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ContentError } from "../../../content/errors.ts";
import { blobAdaptor, compileFilters, filterLimits, parseFilter, statusAdaptor } from "../../../content/filters.ts";
import { makeDigest } from "../../../content/parse-digest.ts";
import type { Info } from "../../../content/store.ts";
import { blobs, matching, refused } from "./cases.ts";

const at = new Date("2026-01-02T03:04:05Z");

const infos = Object.entries(blobs).map(([name, { digit, labels }]): { name: string; info: Info } => ({
  name,
  info: { digest: makeDigest("sha256", digit.repeat(64)), size: 1024, createdAt: at, updatedAt: at, labels },
}));

function select(...filters: readonly string[]): readonly string[] {
  const matches = compileFilters(filters);
  return infos.filter(({ info }) => matches(blobAdaptor(info, "moby"))).map(({ name }) => name);
}

const invalid = (text: string) => expect.objectContaining({ kind: "invalid-argument", message: text });

describe("a filter matches what containerd matches", () => {
  test.each(matching)("%j", (filter, names) => {
    expect(select(filter)).toEqual(names);
  });
});

describe("a filter that does not parse is refused with containerd's text", () => {
  test.each(refused)("%j", (filter, text) => {
    expect(() => compileFilters([filter])).toThrow(invalid(text));
  });
});

describe("several filters", () => {
  test("match what any of them matches", () => {
    expect(select("labels.kind==layer", "labels.kind==config")).toEqual(["layer", "config"]);
  });
  test("match everything when there is none, or an empty one among them", () => {
    expect(select()).toEqual(Object.keys(blobs));
    expect(select("labels.kind==layer", "")).toEqual(Object.keys(blobs));
  });
  test("are refused when one of them does not parse", () => {
    expect(() => compileFilters(["digest", "digest=="])).toThrow(
      invalid("filters: parse error: [digest==]: expected value or quoted"),
    );
  });
});

describe("fields that containerd does not have", () => {
  test("size is a blob's size in bytes", () => {
    expect(select("size==1024,labels.kind==layer")).toEqual(["layer"]);
    expect(select("size!=1024")).toEqual([]);
  });
  test("namespace is where the row is, and absent where nobody says", () => {
    expect(select("namespace==moby,labels.kind==layer")).toEqual(["layer"]);
    const bare = statusAdaptor({ ref: "layer-1" });
    expect(compileFilters(["namespace"])(bare)).toBe(false);
    expect(compileFilters(["namespace==moby"])(statusAdaptor({ ref: "layer-1" }, "moby"))).toBe(true);
  });
});

test("an ingest is filtered by its ref", () => {
  const ingest = statusAdaptor({ ref: "layer-sha256:9f2c" });
  expect(compileFilters(['ref=="layer-sha256:9f2c"'])(ingest)).toBe(true);
  expect(compileFilters(["ref~=^layer-"])(ingest)).toBe(true);
  expect(compileFilters(["ref~=^manifest-"])(ingest)).toBe(false);
  expect(compileFilters(["offset"])(ingest)).toBe(false);
});

test("a label named as a property of every object is absent until it is set", () => {
  expect(select("labels.constructor")).toEqual([]);
  expect(select("labels.__proto__")).toEqual([]);
});

describe("limits", () => {
  test("a filter of 16 KiB is taken, a longer one is refused", () => {
    const longest = `labels.kind!=${"é".repeat((filterLimits.bytes - 13) / 2)}`;
    expect(select(`${longest}x`)).toEqual(Object.keys(blobs));
    expect(() => compileFilters([`${longest}xy`])).toThrow(
      invalid("filters: filter greater than maximum size (16384 bytes)"),
    );
  });
  test("100 filters are taken, 101 are refused", () => {
    expect(select(...Array.from({ length: 100 }, () => "labels.kind"))).toEqual(["layer", "config", "blank"]);
    expect(() => compileFilters(Array.from({ length: 101 }, () => "digest"))).toThrow(
      invalid("filters: more than 100 filters"),
    );
  });
  test("a pattern over 1 KiB is refused", () => {
    expect(() => compileFilters([`digest~=${"a".repeat(1025)}`])).toThrow(
      invalid("regexp greater than maximum size (1024 bytes)"),
    );
  });
  test("patterns that are cheap alone are refused when they are too many", () => {
    const filters = Array.from({ length: 100 }, () => "digest~=[0-9]{64}");
    expect(() => compileFilters(filters)).toThrow(invalid("filters: regexps repeat too much together"));
  });
});

test("a parsed filter tells its selectors, none for the empty one", () => {
  expect(parseFilter('labels."a.b".c,digest!=x,labels.k~=/y/')).toEqual([
    { fieldpath: ["labels", "a.b", "c"], operator: "present", value: "" },
    { fieldpath: ["digest"], operator: "!=", value: "x" },
    { fieldpath: ["labels", "k"], operator: "~=", value: "y" },
  ]);
  expect(parseFilter("")).toEqual([]);
});

const pieces = [
  "digest",
  "labels",
  ".",
  ",",
  "==",
  "!=",
  "~=",
  "=",
  " ",
  '"',
  "/",
  "|",
  "\\",
  "x",
  "u00e9",
  "[",
  "(",
  "\0",
];

test("whatever is given, a filter is taken or refused with invalid-argument", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 2, unit: "binary" })))
      .map((all) => all.join("")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        select(text);
      } catch (error) {
        expect(error).toBeInstanceOf(ContentError);
        expect(error).toMatchObject({ kind: "invalid-argument" });
      }
    }),
    { numRuns: 2000 },
  );
});

test("any label can be asked for by quoting it", () => {
  const quoted = (text: string) =>
    `"${text.replaceAll(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\0", "\\x00")}"`;
  // U+FFFD cannot stand in a filter as itself: containerd takes it for what is no UTF-8.
  const texts = fc.string({ unit: "binary", minLength: 1 }).filter((text) => !text.includes("\ufffd"));
  fc.assert(
    fc.property(texts, texts, (key, value) => {
      const filter = compileFilters([`labels.${quoted(key)}==${quoted(value)}`]);
      const labelled = (labels: Readonly<Record<string, string>>) =>
        blobAdaptor({ ...(infos[0]?.info as Info), labels });
      expect(filter(labelled(Object.fromEntries([[key, value]])))).toBe(true);
      expect(filter(labelled(Object.fromEntries([[key, `${value}x`]])))).toBe(false);
    }),
  );
});
