import { expect, test } from "vitest";
import type { SentView } from "../../../app/content/sent-view.ts";
import { fromSentAddress, isSentBlob, sentBlobOf, toSentAddress } from "../../../app/content/sent-view.ts";
import { makeDigest } from "../../../content/parse-digest.ts";

const digest = makeDigest("sha256", "9f2c41d8a71e".padEnd(64, "0"));
const blob = {
  namespace: "k8s.io",
  info: { digest, size: 1, createdAt: new Date(0), updatedAt: new Date(0), labels: {} },
};
const at = { ...sentBlobOf(blob), index: 4811 };
const since = { at: new Date("2026-03-04T14:02:11.000Z"), token: "AbC-_" };

const read = (href: string) => fromSentAddress(Object.fromEntries(new URL(href).searchParams));

test.for<[string, SentView]>([
  ["a place", { at }],
  ["a selection", { selected: [sentBlobOf(blob), { namespace: "moby", start: "sha512:0123456789ab" }] }],
  ["everything that matches", { selected: "all" }],
  ["a moment", { since }],
  ["all of it", { at, selected: "all", since }],
  ["nothing", {}],
])("an address keeps %s", ([, view]) => {
  expect(read(toSentAddress("http://localhost/content?q=size%3A%3E1MiB&sort=-size", view))).toEqual(view);
});

test("query and order stay, and what an earlier link said goes", () => {
  const first = toSentAddress("http://localhost/content?q=a&sort=-size", { at, since });
  const { searchParams } = new URL(toSentAddress(first, {}));
  expect([...searchParams]).toEqual([
    ["q", "a"],
    ["sort", "-size"],
  ]);
});

test("a place is the blob that it names, in its namespace alone", () => {
  expect(isSentBlob(at, blob)).toBe(true);
  expect(isSentBlob(at, { ...blob, namespace: "moby" })).toBe(false);
});

test.for(["at=nothing", "at=a/sha256:xyz", "at=a/md5:0123456789ab", "sel=,,a", "asof=yesterday", "row=5"])(
  "%s says nothing",
  (query) => {
    expect(read(`http://localhost/content?${query}`)).toEqual({});
  },
);

test("a row that is no number is the first", () => {
  expect(read("http://localhost/content?at=a/sha256:0123456789ab&row=-3")).toMatchObject({ at: { index: 0 } });
});

test("at most fifty blobs are selected by their names", () => {
  const many = Array.from({ length: 60 }, (_, n) => ({
    namespace: "a",
    start: `sha256:${String(n).padStart(12, "0")}`,
  }));
  expect(read(toSentAddress("http://localhost/content", { selected: many }))).toEqual({ selected: many.slice(0, 50) });
});
