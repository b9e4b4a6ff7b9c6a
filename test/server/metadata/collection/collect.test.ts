import { describe, expect, test } from "vitest";
import { digestOf, get, openTestMetadata, put } from "../support.ts";
import { held, refs, startLeases, tag, times } from "./support.ts";

test("a blob that nothing leads to goes, with its bytes, and the feed says who did it", async () => {
  const { metadata, below, changes } = await openTestMetadata();
  await startLeases(metadata);
  const digest = await put(metadata, "n", "hello");
  expect(await metadata.collect()).toMatchObject({ leases: 0, ingests: 0, images: 0, blobs: 1, bytes: 5 });
  expect(await held(metadata)).toEqual([]);
  expect(await Array.fromAsync(below.walk())).toEqual([]);
  expect(changes.at(-1)).toMatchObject({ kind: "blob", digest, before: { namespace: "n" }, collected: true });
  expect(changes.at(-1)).not.toHaveProperty("after");
  using view = metadata.snapshot();
  expect(view.totals("*")).toEqual({ count: 0, bytes: 0 });
});

test("a namespace that has used neither leases nor images is never collected, whatever others do", async () => {
  const { metadata } = await openTestMetadata();
  await startLeases(metadata, "other");
  await put(metadata, "n", "hello");
  await put(metadata, "n", "refers", refs(digestOf("gone")));
  expect(await metadata.collect()).toMatchObject({ blobs: 0 });
  expect(await held(metadata)).toHaveLength(2);
});

test("what a namespace has used is remembered when the server starts again", async () => {
  const first = await openTestMetadata();
  await startLeases(first.metadata, "leased");
  await tag(first.metadata, "alpine", digestOf("x"));
  await put(first.metadata, "leased", "hello");
  await put(first.metadata, "n", "hello");
  await put(first.metadata, "plain", "hello");
  await first.close();
  const { metadata } = await openTestMetadata({ root: first.root, below: first.below });
  expect(await metadata.collect()).toMatchObject({ blobs: 2 });
  expect(await held(metadata, "plain")).toHaveLength(1);
});

test("an image keeps its blob, and all that this leads to by labels", async () => {
  const { metadata } = await openTestMetadata();
  const layer = await put(metadata, "n", "layer");
  const config = await put(metadata, "n", "config");
  const manifest = await put(metadata, "n", "manifest", refs(config, layer, digestOf("a layer that is not there")));
  const index = await put(metadata, "n", "index", refs(manifest));
  await put(metadata, "n", "garbage", refs(layer));
  await tag(metadata, "alpine", index);
  expect(await metadata.collect()).toMatchObject({ blobs: 1 });
  expect(await held(metadata)).toEqual([layer, config, manifest, index].toSorted());
  await metadata.images.update(
    { namespace: "n" },
    { name: "alpine", labels: {}, target: { mediaType: "m", digest: layer, size: 1, annotations: {} } },
  );
  expect(await metadata.collect()).toMatchObject({ blobs: 3 });
  expect(await held(metadata)).toEqual([layer]);
});

test("blobs that lead to each other alone go", async () => {
  const { metadata } = await openTestMetadata();
  await startLeases(metadata);
  await put(metadata, "n", "a", refs(digestOf("b")));
  await put(metadata, "n", "b", refs(digestOf("a")));
  expect(await metadata.collect()).toMatchObject({ blobs: 2 });
});

test("a root label keeps its blob and what it leads to, until it is removed", async () => {
  const { metadata } = await openTestMetadata();
  await startLeases(metadata);
  const child = await put(metadata, "n", "child");
  const root = await put(metadata, "n", "root", { ...refs(child), "containerd.io/gc.root": "x" });
  expect(await metadata.collect()).toMatchObject({ blobs: 0 });
  const store = metadata.in({ namespace: "n" });
  await store.update({ digest: root, labels: {} }, ["labels.containerd.io/gc.root"]);
  expect(await metadata.collect()).toMatchObject({ blobs: 2 });
});

test("a back reference keeps the blob that has it as long as what it names", async () => {
  const { metadata } = await openTestMetadata();
  const manifest = await put(metadata, "n", "manifest");
  const signature = await put(metadata, "n", "signature", { "containerd.io/gc.bref.content": manifest });
  const note = await put(metadata, "n", "note", { "containerd.io/gc.bref.image.x": "alpine" });
  await put(metadata, "n", "of nobody", { "containerd.io/gc.bref.image": "debian" });
  await tag(metadata, "alpine", manifest);
  expect(await metadata.collect()).toMatchObject({ blobs: 1 });
  expect(await held(metadata)).toEqual([manifest, signature, note].toSorted());
  await metadata.images.delete({ namespace: "n" }, "alpine");
  expect(await metadata.collect()).toMatchObject({ blobs: 3 });
});

describe("a lease", () => {
  async function withLease(labels: Record<string, string>) {
    const opened = await openTestMetadata();
    const { metadata } = opened;
    await metadata.leases.create("n", "l", labels);
    const layer = await put(metadata, "n", "layer");
    const manifest = await put(metadata, "n", "manifest", refs(layer));
    await metadata.leases.addResource("n", "l", { type: "content", id: manifest });
    return { ...opened, layer, manifest };
  }

  test("keeps what it holds and what that leads to, until it is deleted", async () => {
    const { metadata } = await withLease({ "containerd.io/gc.expire": times.future });
    expect(await metadata.collect()).toMatchObject({ leases: 0, blobs: 0 });
    await metadata.leases.delete("n", "l");
    expect(await metadata.collect()).toMatchObject({ leases: 0, blobs: 2 });
  });

  test("that has expired goes, with what it held", async () => {
    const { metadata, changes } = await withLease({ "containerd.io/gc.expire": times.past });
    expect(await metadata.collect()).toMatchObject({ leases: 1, blobs: 2 });
    expect(await metadata.leases.list("n")).toEqual([]);
    expect(changes.filter(({ kind }) => kind === "lease").at(-1)).toMatchObject({ id: "l", collected: true });
  });

  test("whose time is none never expires", async () => {
    const { metadata } = await withLease({ "containerd.io/gc.expire": "yesterday" });
    expect(await metadata.collect()).toMatchObject({ leases: 0, blobs: 0 });
  });

  test("that is flat keeps what it holds alone", async () => {
    const { metadata, manifest } = await withLease({ "containerd.io/gc.flat": "true" });
    expect(await metadata.collect()).toMatchObject({ blobs: 1 });
    expect(await held(metadata)).toEqual([manifest]);
  });

  test("that is flat takes nothing from what another one keeps whole", async () => {
    const { metadata, manifest } = await withLease({ "containerd.io/gc.flat": "true" });
    await metadata.leases.create("n", "whole", {});
    await metadata.leases.addResource("n", "whole", { type: "content", id: manifest });
    expect(await metadata.collect()).toMatchObject({ blobs: 0 });
  });

  test("keeps an image that has expired, and its blob; a flat one not what that leads to", async () => {
    const { metadata, manifest } = await withLease({ "containerd.io/gc.flat": "true" });
    await metadata.leases.deleteResource("n", "l", { type: "content", id: manifest });
    await tag(metadata, "alpine", manifest, { "containerd.io/gc.expire": times.past });
    await metadata.leases.addResource("n", "l", { type: "images", id: "alpine" });
    expect(await metadata.collect()).toMatchObject({ images: 0, blobs: 1 });
    expect(await held(metadata)).toEqual([manifest]);
    await metadata.leases.delete("n", "l");
    expect(await metadata.collect()).toMatchObject({ images: 1, blobs: 1 });
  });
});

test("an image that has expired goes with what it alone leads to, and one that something leads to stays", async () => {
  const { metadata, changes } = await openTestMetadata();
  const [old, kept] = [await put(metadata, "n", "old"), await put(metadata, "n", "kept")];
  await tag(metadata, "old", old, { "containerd.io/gc.expire": times.past });
  await tag(metadata, "kept", kept, { "containerd.io/gc.expire": times.past });
  await tag(metadata, "new", kept, { "containerd.io/gc.expire": times.future, "containerd.io/gc.ref.image": "kept" });
  expect(await metadata.collect()).toMatchObject({ images: 1, blobs: 1 });
  expect((await metadata.images.list("n")).map(({ name }) => name)).toEqual(["kept", "new"]);
  expect(changes.find((change) => change.kind === "image" && !change.after)).toMatchObject({
    name: "old",
    collected: true,
  });
});

describe("an ingest", () => {
  test("keeps the blob that it expects", async () => {
    const { metadata } = await openTestMetadata();
    await startLeases(metadata);
    const digest = digestOf("hello");
    await using _writer = await metadata.in({ namespace: "n" }).writer({ ref: "r", descriptor: { digest } });
    await put(metadata, "n", "hello");
    expect(await metadata.collect()).toMatchObject({ blobs: 0, ingests: 0 });
  });

  test("goes with its lease, unless somebody writes it", async () => {
    const { metadata, below } = await openTestMetadata();
    await metadata.leases.create("n", "l", {});
    const store = metadata.in({ namespace: "n", lease: "l" });
    await using _written = await store.writer({ ref: "written" });
    await (await store.writer({ ref: "left" })).close();
    await (await metadata.in({ namespace: "n" }).writer({ ref: "free" })).close();
    expect(await metadata.collect()).toMatchObject({ ingests: 0 });
    await metadata.leases.delete("n", "l");
    expect(await metadata.collect()).toMatchObject({ ingests: 1 });
    const refsLeft = (await Array.fromAsync(store.listStatuses())).map(({ ref }) => ref);
    expect(refsLeft).toEqual(["free", "written"]);
    expect(await Array.fromAsync(below.listStatuses())).toHaveLength(2);
  });

  test("that its lease still holds has no time of its own", async () => {
    const { metadata } = await openTestMetadata();
    await metadata.leases.create("n", "l", {});
    await (await metadata.in({ namespace: "n", lease: "l" }).writer({ ref: "leased" })).close();
    await (await metadata.in({ namespace: "n" }).writer({ ref: "plain" })).close();
    const ingests = await Array.fromAsync(metadata.ingests(["n"]));
    expect(ingests.map(({ status, expiresAt }) => [status.ref, expiresAt !== undefined])).toEqual([
      ["leased", false],
      ["plain", true],
    ]);
  });
});

test("bytes that another namespace holds stay for it", async () => {
  const { metadata, below } = await openTestMetadata();
  await startLeases(metadata);
  const digest = await put(metadata, "n", "shared");
  await put(metadata, "m", "shared");
  expect(await metadata.collect()).toMatchObject({ blobs: 1 });
  expect(await get(metadata.in({ namespace: "m" }), digest)).toBe("shared");
  await startLeases(metadata, "m");
  await metadata.collect();
  expect(await Array.fromAsync(below.walk())).toEqual([]);
});

test("a collection that is ended half way leaves blobs that are whole, and the next one does the rest", async () => {
  const { metadata, below } = await openTestMetadata();
  await startLeases(metadata);
  const root = await put(metadata, "n", "root", { "containerd.io/gc.root": "x" });
  await Promise.all(Array.from({ length: 120 }, (_, index) => put(metadata, "n", `garbage ${index}`)));
  const stop = new AbortController();
  const ended = metadata.feed.listen((change) => {
    if (change.kind === "blob") stop.abort();
  });
  await expect(metadata.collect(stop.signal)).rejects.toMatchObject({ kind: "cancelled" });
  ended();
  const left = await held(metadata);
  expect(left.length).toBeGreaterThan(1);
  expect(left.length).toBeLessThan(121);
  expect((await Array.fromAsync(below.walk())).map(({ digest }) => digest).toSorted()).toEqual(left);
  await metadata.collect();
  expect(await held(metadata)).toEqual([root]);
});
