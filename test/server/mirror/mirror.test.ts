import { expect, test } from "vitest";
import type { Digest } from "../../../content/digest.ts";
import { makeDigest } from "../../../content/parse-digest.ts";
import type { Store } from "../../../content/store.ts";
import { catalogTiming } from "../../../server/catalog/timing.ts";
import { createCatalog } from "../../../server/catalog/watch.ts";
import { feedTiming } from "../../../server/feed/timing.ts";
import { watchBlobs } from "../../../server/feed/watch-blobs.ts";
import type { Metadata } from "../../../server/metadata/metadata.ts";
import type { Mirror } from "../../../server/mirror/mirror.ts";
import type { MirrorSource } from "../../../server/mirror/source.ts";
import { createMemoryStore } from "../../../server/stores/memory/store.ts";
import { get, openTestMetadata, put } from "../metadata/support.ts";
import { follow, openTestMirror, quick, sourceOver } from "./support.ts";

const caller = "test";

/** All that can be asked of rows, as one value. */
async function contentsOf(metadata: Metadata) {
  const images = await Array.fromAsync(metadata.catalog.images());
  const leases = await Array.fromAsync(metadata.catalog.leases());
  using view = metadata.snapshot();
  return {
    blobs: view.page("*", [], undefined, 1000),
    totals: view.totals("*"),
    namespaces: metadata.catalog.namespaces().map(({ collected: _, ...row }) => row),
    images,
    leases,
    resources: await Promise.all(leases.map(({ namespace, lease }) => metadata.leases.resources(namespace, lease.id))),
  };
}

/** Two namespaces with blobs that are in both, an image, and a lease that holds something. */
async function fill(metadata: Metadata): Promise<void> {
  const digest = await put(metadata, "a", "one", { z: "1", b: "2" });
  await put(metadata, "b", "one");
  await put(metadata, "b", "two", { "containerd.io/gc.root": "yes" });
  await metadata.namespaces.create("empty", { owner: "nobody" });
  const target = { mediaType: "text/plain", digest, size: 3, annotations: { k: "v" } };
  await metadata.images.create({ namespace: "a" }, { name: "image:1", labels: { x: "y" }, target });
  await metadata.leases.create("b", "lease", { l: "m" });
  await metadata.leases.addResource("b", "lease", { type: "content", id: digest });
}

async function caughtUp(mirror: Mirror, metadata: Metadata): Promise<void> {
  await expect.poll(() => contentsOf(mirror)).toEqual(await contentsOf(metadata));
}

test("a mirror shows what its source has, and follows what is added, changed and removed there", async () => {
  const { metadata } = await openTestMetadata();
  await fill(metadata);
  const { mirror } = await openTestMirror({ source: sourceOver(metadata) });
  expect(await contentsOf(mirror)).toEqual({
    ...(await contentsOf(metadata)),
    blobs: (await contentsOf(mirror)).blobs,
  });
  follow(mirror);
  await caughtUp(mirror, metadata);
  expect(mirror.state).toMatchObject({ state: "live", isWatched: true, version: "1.2.3" });
  expect(mirror.catalog.namespaces().every(({ collected }) => collected)).toBe(true);

  const [one] = (await contentsOf(metadata)).blobs;
  if (one === undefined) throw new Error("there are blobs");
  await metadata.in(one).update({ digest: one.info.digest, labels: { new: "label" } });
  await put(metadata, "c", "three");
  await metadata.images.delete({ namespace: "a" }, "image:1");
  await metadata.leases.delete("b", "lease");
  await metadata.leases.create("a", "other", {});
  await metadata.namespaces.delete("empty");
  await caughtUp(mirror, metadata);

  for (const { namespace, info } of (await contentsOf(metadata)).blobs)
    await metadata.in({ namespace }).delete(info.digest);
  await metadata.namespaces.delete("c");
  await caughtUp(mirror, metadata);
  expect((await contentsOf(mirror)).totals).toEqual({ count: 0, bytes: 0 });
});

test("what changed is told in order, with what was before and who else has it", async () => {
  const { metadata } = await openTestMetadata();
  await fill(metadata);
  const { mirror } = await openTestMirror({ source: sourceOver(metadata) });
  await mirror.ready();
  const { changes } = follow(mirror);
  // A look may be in time to see a blob written.
  const told = () => changes.filter(({ kind }) => kind !== "ingest");
  const digest = await put(metadata, "c", "one");
  await expect.poll(() => told().map(({ kind }) => kind)).toEqual(["namespace", "blob"]);
  const [, blob] = told();
  expect(blob).toMatchObject({ namespace: "c", digest, elsewhere: [{ namespace: "a" }, { namespace: "b" }] });
  expect(blob).not.toHaveProperty("before");
  await metadata.in({ namespace: "c" }).update({ digest, labels: { k: "v" } });
  await expect.poll(() => told().length).toBe(3);
  expect(told()[2]).toMatchObject({ before: { info: { labels: {} } }, after: { info: { labels: { k: "v" } } } });
  await metadata.in({ namespace: "c" }).delete(digest);
  await expect.poll(() => told().length).toBe(4);
  expect(told()[3]).not.toHaveProperty("after");
});

test("pages, counts, holds and reads work as over one's own rows", async () => {
  const { metadata } = await openTestMetadata();
  await fill(metadata);
  const { mirror } = await openTestMirror({ source: sourceOver(metadata) });
  const page = await mirror.page(
    { selection: { query: "size:3" }, namespaces: "*", order: [], skip: 0, limit: 2 },
    caller,
  );
  expect(page).toMatchObject({ totals: { count: 3, bytes: 6 }, more: true });
  const [row] = page.rows;
  if (row === undefined) throw new Error("a page has rows");
  expect(await get(mirror.in(row), row.info.digest)).toBe(await get(metadata.in(row), row.info.digest));
  expect(mirror.transferred.readBytes).toBe(3);
  const [{ image } = { image: undefined }] = await Array.fromAsync(mirror.catalog.images());
  expect(await mirror.catalog.hold("a", image?.target.digest ?? row.info.digest)).toMatchObject({
    state: "held",
    holders: [{ kind: "image", key: "image:1" }],
  });
  expect(Buffer.from((await mirror.catalog.bytesOf(row.info.digest)) ?? []).toString()).toMatch(/^(one|two)$/);
  expect(await mirror.inventory(10)).toMatchObject({ distinct: { count: 2 }, images: 1, leases: 1, written: [] });
  expect(await mirror.collect()).toMatchObject({ blobs: 0, leases: 0 });
  const nothing = makeDigest("sha256", "0".repeat(64));
  await expect(mirror.in({ namespace: "a" }).info(nothing)).rejects.toMatchObject({ kind: "not-found" });
});

/** A folder of blobs: one namespace, and neither images nor leases. */
function folderOf(store: Store): MirrorSource {
  return {
    target: "folder:",
    collects: false,
    ping: async () => undefined,
    namespaces: async () => [{ name: "folder", labels: {} }],
    in: () => store,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function write(store: Store, text: string): Promise<Digest> {
  await using writer = await store.writer({ ref: text });
  await writer.write(Buffer.from(text));
  return await writer.commit();
}

test("of 10,000 blobs that are there a change of one is told, and nothing else", async () => {
  const store = createMemoryStore();
  for (let number = 0; number < 10_000; number += 1) await write(store, `blob ${number}`);
  const { mirror } = await openTestMirror({ source: folderOf(store), timing: quick });
  await mirror.ready();
  const { changes } = follow(mirror);
  const added = await write(store, "one more");
  await expect.poll(() => changes).toMatchObject([{ kind: "blob", digest: added }]);
  await store.delete(added);
  await expect.poll(() => changes).toHaveLength(2);
  using view = mirror.snapshot();
  expect(view.totals(["folder"]).count).toBe(10_000);
  expect(mirror.catalog.namespaces()).toMatchObject([{ name: "folder", collected: false }]);
  await expect(mirror.namespaces.create("other", {})).rejects.toMatchObject({ kind: "permission-denied" });
});

test("what a source cannot change is refused, also where changes are allowed", async () => {
  const store = createMemoryStore();
  const { mirror } = await openTestMirror({ source: folderOf(store), allowChanges: true });
  const digest = await write(mirror.in({ namespace: "folder" }), "text");
  expect(await get(mirror.in({ namespace: "folder" }), digest)).toBe("text");
  const target = { mediaType: "text/plain", digest, size: 4, annotations: {} };
  for (const change of [
    () => mirror.namespaces.create("other", {}),
    () => mirror.images.create({ namespace: "folder" }, { name: "i", labels: {}, target }),
    () => mirror.leases.create("folder", "l", {}),
    () => mirror.leases.extend("folder", "l", undefined),
  ]) {
    await expect(change()).rejects.toMatchObject({ kind: "not-implemented" });
  }
  await expect(mirror.in({ namespace: "folder" }).update({ digest, labels: { a: "b" } })).rejects.toMatchObject({
    kind: "failed-precondition",
  });
});

test("an image is removed only where it still stands for the target that was named", async () => {
  const { metadata } = await openTestMetadata();
  await fill(metadata);
  const { mirror } = await openTestMirror({ source: sourceOver(metadata), allowChanges: true });
  const scope = { namespace: "a" };
  const other = makeDigest("sha256", "0".repeat(64));
  await expect(mirror.images.delete(scope, "image:1", other)).rejects.toMatchObject({ kind: "not-found" });
  const { target } = await mirror.images.get("a", "image:1");
  await mirror.images.delete(scope, "image:1", target.digest);
  await expect(metadata.images.get("a", "image:1")).rejects.toMatchObject({ kind: "not-found" });
  await expect(mirror.images.get("a", "image:1")).rejects.toMatchObject({ kind: "not-found" });
});

test("streams of blobs, images, leases and namespaces are those of its rows, and none before there are any", async () => {
  const { metadata } = await openTestMetadata();
  await fill(metadata);
  const source = sourceOver(metadata);
  source.behaviour.failure = new Error("not yet");
  const { mirror } = await openTestMirror({ source, timing: { ...quick, firstMs: 50 } });
  const timing = { ...feedTiming, ...catalogTiming };
  const options = { stopping: new AbortController().signal, signal: new AbortController().signal };
  using catalog = createCatalog(mirror, timing, (error) => expect.unreachable(String(error)));
  const all = { namespaces: ["*"], follow: false, namespace: undefined };
  const blobs = { ...all, selection: { namespaces: ["*"] }, orderBy: "", limit: 0, resumeToken: "", identity: "" };
  const streams = (): readonly AsyncIterable<{ readonly kind: string }>[] => [
    watchBlobs(mirror, blobs, { ...options, timing: feedTiming }),
    catalog.images(all, options),
    catalog.leases(all, options),
    catalog.namespaces(all, options),
  ];
  for (const stream of streams()) await expect(Array.fromAsync(stream)).rejects.toMatchObject({ kind: "unavailable" });
  expect(mirror.feed.watched).toBe(false);

  source.behaviour.failure = undefined;
  await expect.poll(() => mirror.state.state).toBe("live");
  const events = await Promise.all(streams().map((stream) => Array.fromAsync(stream)));
  // Rows come in as many messages as the machine takes time for.
  const kinds = events.map((each) => new Set(each.map(({ kind }) => kind)));
  const frame = ["begin", "bookmark", "end"];
  expect(kinds).toEqual(["blobs", "images", "leases", "namespaces"].map((kind) => new Set([kind, ...frame])));
});
