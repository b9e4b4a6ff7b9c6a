import { expect, test } from "vitest";
import type { Known } from "../../../app/_find/found-groups.ts";
import { findGroups, isNothing } from "../../../app/_find/found-groups.ts";
import { recognize } from "../../../app/_find/recognize.ts";
import { parseDigest } from "../../../content/parse-digest.ts";
import type { Blob, Ingest } from "../../../content/remote/events.ts";

const digest = parseDigest(`sha256:${"9f".repeat(32)}`);

function blob(namespace: string): Blob {
  const [createdAt, updatedAt] = [new Date(0), new Date(0)];
  return { namespace, info: { digest, size: 1, createdAt, updatedAt, labels: {} } };
}

function ingest(namespace: string, ref: string): Ingest {
  const [startedAt, updatedAt] = [new Date(0), new Date(0)];
  const status = { ref, offset: 0, total: 0, startedAt, updatedAt };
  return { namespace, status, state: "writing", holder: "", rateBytesPerSecond: 0, lastError: "" };
}

const nothing: Known = {
  place: { store: "", path: "/content", search: "q=a&at=b", scope: ["default"] },
  pages: [{ key: "page", kind: "page", label: "Ingests", note: "", href: "/ingests" }],
  actions: [],
  namespaces: ["default", "moby"],
  stores: [],
  answers: [],
  ingests: [],
  recent: [],
  canCompile: true,
};

const found = (text: string, known: Partial<Known> = {}) =>
  findGroups(recognize(text, "http://h"), { ...nothing, ...known });
const items = (text: string, known?: Partial<Known>) => found(text, known).flatMap((group) => group.items);

test("blobs of the namespace that a line names come first", () => {
  const blobs = { blobs: [blob("default"), blob("moby")], count: 2, isExact: true };
  const notes = items(`ctr -n moby content get ${digest}`, { blobs }).map(({ note }) => note.split("· ")[1]);
  expect(notes).toEqual(["moby", "default"]);
});

test("where there are more blobs than are shown, a link leads to all of them", () => {
  const blobs = { blobs: [blob("moby")], count: 1204, isExact: true };
  expect(items("9f9f9f", { blobs }).at(-1)).toMatchObject({ label: "All 1,204 in Content", href: "/content?q=9f9f9f" });
  const some = { ...blobs, count: 1, isExact: false };
  expect(items("9f9f9f", { blobs: some }).at(-1)).toMatchObject({ label: "All in Content" });
});

test("a ref leads to the Ingests page in a scope that has it", () => {
  const known = { ingests: [ingest("moby", "a b"), ingest("default", "a c")] };
  expect(items("a ", known).map(({ href }) => href)).toEqual(
    expect.arrayContaining(["/ingests?ns=moby&q=ref%3A%22a+b%22", "/ingests?ns=default&q=ref%3A%22a+c%22"]),
  );
});

test("of many refs some are shown, with a link to all of them", () => {
  const ingests = Array.from({ length: 9 }, (_, index) => ingest("moby", `layer-${index}`));
  const shown = found("layer-", { ingests })[0]?.items ?? [];
  expect(shown).toHaveLength(9);
  expect(shown.at(-1)).toMatchObject({ href: "/ingests?q=ref%3Alayer-" });
});

test("another namespace keeps the query of the page, and not its place in it", () => {
  expect(items("@mob")).toMatchObject([{ label: "moby", href: "/content?ns=moby&q=a" }]);
  const onBlob = { store: "", path: "/blob", search: "d=x&ns=default", scope: [] };
  expect(items("@mob", { place: onBlob })).toMatchObject([{ href: "/content?ns=moby" }]);
  expect(items("@all")).toMatchObject([{ label: "All namespaces", href: "/content?q=a" }]);
});

test("what could be a query for Content is offered as one, and is no find", () => {
  expect(items("size:>1MiB")).toMatchObject([{ kind: "query", href: "/content?ns=default&q=size%3A%3E1MiB" }]);
  expect(isNothing(found("zzz"))).toBe(true);
  expect(isNothing(found("/a(b/"))).toBe(true);
  expect(isNothing(found("ingests"))).toBe(false);
});
