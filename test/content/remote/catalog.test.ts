import { createConnectTransport } from "@connectrpc/connect-web";
import { expect, onTestFinished, test } from "vitest";
import type { ImageDraft } from "../../../content/image.ts";
import type { ImageEvent, LeaseEvent, NamespaceEvent } from "../../../content/remote/catalog.ts";
import { extendLease, followImages, followLeases, followNamespaces, holdOf } from "../../../content/remote/catalog.ts";
import { createImage, deleteImage, updateImage } from "../../../content/remote/images.ts";
import { addLeaseResource, createLease, deleteLease, leaseResources } from "../../../content/remote/leases.ts";
import { createNamespace, deleteNamespace, labelNamespace } from "../../../content/remote/namespaces.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { builtinPlugins } from "../../../server/plugins/builtin.ts";
import { catalogPlugin } from "../../../server/services/catalog.ts";
import { config, manifest, named, types } from "../../server/catalog/support.ts";
import { digestOf } from "../../server/metadata/support.ts";
import { openTestServer, startStowage } from "../../support/stowage.ts";

const scope = { namespace: "n" } as const;

/** What a follow told so far; it ends with the test. */
function collect<Event>(open: (signal: AbortSignal) => AsyncIterable<Event>): readonly Event[] {
  const events: Event[] = [];
  const gone = new AbortController();
  onTestFinished(() => gone.abort());
  void (async () => {
    for await (const event of open(gone.signal)) events.push(event);
  })();
  return events;
}

const timing = { minDelayMs: 20, maxDelayMs: 100 } as const;

async function connect() {
  const stowage = await startStowage();
  return { stowage, transport: createConnectTransport({ baseUrl: stowage.url, useBinaryFormat: true }) };
}

const one = manifest(config("amd64"), [named(types.layer, "layer")]);
const draft: ImageDraft = {
  name: "one:1",
  labels: { team: "payments" },
  target: { mediaType: one.mediaType, digest: digestOf(one.text), size: one.text.length, annotations: {} },
};

/** Names of the images that a follower holds. */
function imagesOf(events: readonly ImageEvent[]): readonly string[] {
  const names = new Set<string>();
  for (const event of events) {
    if (event.kind === "begin") names.clear();
    if (event.kind === "images") for (const { image } of event.images) names.add(image.name);
    if (event.kind === "removed") names.delete(event.name);
  }
  return [...names];
}

test("images are made, labelled and deleted, and followed while they are", async () => {
  const { transport } = await connect();
  const events = collect((signal) => followImages(transport, { ...scope, timing }, signal));
  await expect.poll(() => events.some((event) => event.kind === "bookmark" && event.complete)).toBe(true);
  expect(events.slice(0, 3)).toMatchObject([
    { kind: "connection", state: "connecting", attempt: 1 },
    { kind: "connection", state: "live" },
    { kind: "begin", source: "stream", heartbeatMs: 10_000 },
  ]);
  const made = await createImage(transport, scope, draft);
  expect(made).toMatchObject(draft);
  await expect.poll(() => imagesOf(events)).toEqual(["one:1"]);
  const rows = events.flatMap((event) => (event.kind === "images" ? event.images : []));
  expect(rows[0]).toMatchObject({ namespace: "n", image: made, blobsPresent: 0, blobsNeeded: 1, truncated: false });
  const labelled = await updateImage(transport, scope, { ...draft, labels: { team: "" } }, ["labels.team"]);
  expect(labelled.labels).toEqual({});
  await expect(createImage(transport, scope, draft)).rejects.toMatchObject({ kind: "already-exists" });
  await deleteImage(transport, scope, "one:1", { sync: true });
  await expect.poll(() => imagesOf(events)).toEqual([]);
  await expect(deleteImage(transport, scope, "one:1")).rejects.toMatchObject({ kind: "not-found" });
});

test("leases are made, extended and deleted, and followed while they are", async () => {
  const { transport } = await connect();
  const events = collect<LeaseEvent>((signal) => followLeases(transport, { namespaces: ["*"], timing }, signal));
  const made = await createLease(transport, scope, { id: "pull", labels: { a: "b" } });
  expect(made).toMatchObject({ id: "pull", labels: { a: "b" } });
  const resource = { type: "content", id: digestOf("x") };
  await addLeaseResource(transport, scope, "pull", resource);
  expect(await leaseResources(transport, scope, "pull")).toEqual([resource]);
  const expiresAt = new Date("2100-01-01T00:00:00Z");
  await extendLease(transport, {}, { namespace: "n", id: "pull", expiresAt });
  const last = () => events.flatMap((event) => (event.kind === "leases" ? event.leases : [])).at(-1);
  await expect
    .poll(last)
    .toMatchObject({ lease: { id: "pull" }, blobs: 1, expiresAt, weight: { bytes: 0, onlyBytes: 0 } });
  const past = extendLease(transport, {}, { namespace: "n", id: "pull", expiresAt: new Date(0) });
  await expect(past).rejects.toMatchObject({ kind: "invalid-argument" });
  await deleteLease(transport, scope, "pull", { sync: true });
  await expect.poll(() => events.some((event) => event.kind === "removed" && event.id === "pull")).toBe(true);
  await expect(deleteLease(transport, scope, "pull")).rejects.toMatchObject({ kind: "not-found" });
});

test("namespaces are made, labelled and deleted, and followed while they are", async () => {
  const { transport } = await connect();
  const events = collect<NamespaceEvent>((signal) => followNamespaces(transport, { timing }, signal));
  await createNamespace(transport, {}, "team", { a: "b" });
  await labelNamespace(transport, {}, { name: "team", labels: { c: "d" }, fieldpaths: ["labels.c"] });
  const last = () => events.flatMap((event) => (event.kind === "namespaces" ? event.namespaces : [])).at(-1);
  await expect.poll(last).toMatchObject({ name: "team", labels: { a: "b", c: "d" }, blobs: 0, collected: false });
  await createImage(transport, { namespace: "team" }, draft);
  await expect(deleteNamespace(transport, {}, "team")).rejects.toMatchObject({ kind: "failed-precondition" });
  await deleteImage(transport, { namespace: "team" }, "one:1");
  await deleteNamespace(transport, {}, "team");
  await expect.poll(() => events.some((event) => event.kind === "removed" && event.name === "team")).toBe(true);
});

test("what holds a blob is told", async () => {
  const { transport } = await connect();
  const store = createRemoteStore(transport, { ...scope, writer: "unary" });
  await using writer = await store.writer({ ref: "r" });
  await writer.write(new TextEncoder().encode(one.text));
  const digest = await writer.commit();
  expect(await holdOf(transport, {}, "n", digest)).toEqual({ state: "kept", holders: [], complete: true });
  await createImage(transport, scope, draft);
  expect(await holdOf(transport, {}, "n", digest)).toEqual({
    state: "held",
    holders: [{ kind: "image", key: "one:1", distance: 1 }],
    complete: true,
  });
  await expect(holdOf(transport, {}, "n", digestOf("gone"))).rejects.toMatchObject({ kind: "not-found" });
});

test("a follower of a server that is killed begins anew once it is there again", async () => {
  const { stowage } = await connect();
  const transport = createConnectTransport({
    baseUrl: "http://stowage.test",
    useBinaryFormat: true,
    // Another port after the restart.
    fetch: (input, init) => fetch(String(input).replace("http://stowage.test", stowage.url), init),
  });
  await createImage(transport, scope, draft);
  const events = collect((signal) => followImages(transport, { ...scope, timing }, signal));
  await expect.poll(() => imagesOf(events)).toEqual(["one:1"]);
  await stowage.kill("SIGKILL");
  await expect
    .poll(() => events.at(-1))
    .toMatchObject({ kind: "connection", state: expect.stringMatching(/^(waiting|connecting)$/) });
  await stowage.restart();
  await expect.poll(() => events.filter(({ kind }) => kind === "begin").length).toBe(2);
  await expect.poll(() => imagesOf(events)).toEqual(["one:1"]);
});

test("a server without a catalog ends the follow with an error that says so", async () => {
  const { url } = await openTestServer(builtinPlugins.filter((plugin) => plugin !== catalogPlugin));
  const transport = createConnectTransport({ baseUrl: url, useBinaryFormat: true });
  const follow = Array.fromAsync(followImages(transport, { namespaces: ["n"], timing }, new AbortController().signal));
  await expect(follow).rejects.toMatchObject({ kind: "failed-precondition", message: "the server has no catalog" });
});

test("a namespace that is none, and none at all, end the follow with an error", async () => {
  const { transport } = await connect();
  const gone = new AbortController();
  const follow = (namespaces: readonly string[]) =>
    Array.fromAsync(followImages(transport, { namespaces, timing }, gone.signal));
  await expect(follow([])).rejects.toMatchObject({ kind: "failed-precondition", message: "namespace is required" });
  await expect(follow(["a b"])).rejects.toMatchObject({ kind: "invalid-argument" });
});
