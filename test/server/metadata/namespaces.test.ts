import { expect, test } from "vitest";
import { openTestMetadata, put } from "./support.ts";

test("a namespace is made by create, by labels, and by the first writer in it", async () => {
  const { metadata, changes } = await openTestMetadata();
  const { namespaces } = metadata;
  await namespaces.create("made", { a: "1", empty: "" });
  expect(await namespaces.update("labelled", { b: "2" }, ["labels.b"])).toEqual({ b: "2" });
  await namespaces.update("untouched", {});
  await using _writer = await metadata.in({ namespace: "written" }).writer({ ref: "r" });
  expect(await namespaces.list()).toEqual([
    { name: "labelled", labels: { b: "2" } },
    { name: "made", labels: { a: "1" } },
    { name: "written", labels: {} },
  ]);
  const told = changes.filter(({ kind }) => kind === "namespace").map(({ namespace }) => namespace);
  expect(told).toEqual(["made", "labelled", "written"]);
});

test("reading in a namespace that is not there finds nothing and makes nothing", async () => {
  const { metadata } = await openTestMetadata();
  const store = metadata.in({ namespace: "nowhere" });
  expect(await Array.fromAsync(store.walk())).toEqual([]);
  expect(await Array.fromAsync(store.listStatuses())).toEqual([]);
  expect(await metadata.namespaces.labels("nowhere")).toEqual({});
  expect(await metadata.namespaces.list()).toEqual([]);
});

test("what cannot be is refused in containerd's words", async () => {
  const { metadata } = await openTestMetadata();
  const { namespaces } = metadata;
  await namespaces.create("a", {});
  await expect(namespaces.create("a", {})).rejects.toMatchObject({ kind: "already-exists", message: 'namespace "a"' });
  await expect(namespaces.create("a b", {})).rejects.toMatchObject({ kind: "invalid-argument" });
  await expect(namespaces.create("b", { k: "v".repeat(4096) })).rejects.toMatchObject({
    kind: "invalid-argument",
    message: "namespace.Labels: label key and value greater than maximum size (4096 bytes), key: k",
  });
  await expect(namespaces.update("a", {}, ["labels"])).rejects.toMatchObject({
    kind: "invalid-argument",
    message: 'cannot update "labels" field',
  });
  await expect(namespaces.delete("b")).rejects.toMatchObject({ kind: "not-found", message: 'namespace "b"' });
});

test("an update whose second path is refused changes nothing", async () => {
  const { metadata } = await openTestMetadata();
  await metadata.namespaces.create("a", { x: "1" });
  await expect(metadata.namespaces.update("a", { x: "2" }, ["labels.x", "name"])).rejects.toThrow("cannot update");
  expect(await metadata.namespaces.labels("a")).toEqual({ x: "1" });
});

test("one that holds blobs stays, and says so; once it is empty it goes", async () => {
  const { metadata } = await openTestMetadata();
  const digest = await put(metadata, "a", "bytes");
  await expect(metadata.namespaces.delete("a")).rejects.toMatchObject({
    kind: "failed-precondition",
    message: 'namespace "a" must be empty, but it still has blobs',
  });
  await metadata.in({ namespace: "a" }).delete(digest);
  await metadata.namespaces.delete("a");
  expect(await metadata.namespaces.list()).toEqual([]);
});

test("what nobody writes goes with it, a writer under way makes it anew", async () => {
  const { metadata, changes } = await openTestMetadata();
  const store = metadata.in({ namespace: "a" });
  await (await store.writer({ ref: "left" })).close();
  const writer = await store.writer({ ref: "held" });
  await metadata.namespaces.delete("a");
  await expect(store.status("left")).rejects.toMatchObject({ kind: "not-found" });
  expect(changes).toContainEqual(expect.objectContaining({ kind: "ingest", ref: "left", end: expect.anything() }));
  await writer.commit();
  expect(await metadata.namespaces.list()).toEqual([{ name: "a", labels: {} }]);
});
