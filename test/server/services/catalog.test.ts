import { Code, createClient } from "@connectrpc/connect";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import type { ListNamespacesResponse } from "../../../gen/stowage/v1/catalog_pb.js";
import { CatalogService, GetHoldResponse_State, Holder_Kind } from "../../../gen/stowage/v1/catalog_pb.js";
import { End_Reason, SyncBegin_Reason } from "../../../gen/stowage/v1/content_pb.js";
import type { CatalogOptions } from "../../../server/services/catalog.ts";
import { createCatalogService } from "../../../server/services/catalog.ts";
import { grpcTransport } from "../../support/grpc.ts";
import { openTestServer } from "../../support/stowage.ts";
import { config, manifest, named, quick, store, tag, types } from "../catalog/support.ts";
import { refs, startLeases } from "../metadata/collection/support.ts";
import { digestOf, openTestMetadata, put } from "../metadata/support.ts";
import { failure, headers, transportTo } from "./calls.ts";

async function open(options: Partial<CatalogOptions> = {}) {
  const opened = await openTestMetadata();
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  const logger = pino({ level: "silent" });
  const service = createCatalogService(opened.metadata, {
    stopping: stopping.signal,
    failed: (error) => logger.error(error),
    ...options,
    timing: { ...quick, ...options.timing },
  });
  return { ...opened, stop: () => stopping.abort(), client: createClient(CatalogService, transportTo(service)) };
}

const image = (number: number) => manifest(config("amd64", { number }), [named(types.layer, `layer ${number}`)]);

/** The kinds of the events, one after the other, without their repetitions. */
const kindsOf = (messages: readonly { readonly event: { readonly case?: string } }[]) =>
  messages.map(({ event }) => event.case).filter((kind, at, all) => kind !== all[at - 1]);

test("a set that is not followed is begin, batches, a complete bookmark and an end", async () => {
  const { metadata, client } = await open();
  await tag(metadata, "one:1", image(1));
  await metadata.leases.create("n", "pull", {});
  const images = await Array.fromAsync(client.listImages({}, { headers }));
  const leases = await Array.fromAsync(client.listLeases({}, { headers }));
  const namespaces = await Array.fromAsync(client.listNamespaces({}));
  for (const messages of [images, leases, namespaces]) {
    expect(kindsOf(messages)).toEqual(["begin", "batch", "bookmark", "end"]);
    expect(messages.at(-2)?.event.value).toMatchObject({ count: 1n, bytes: 0n, setComplete: true, token: "" });
    expect(messages.at(-1)?.event.value).toMatchObject({ reason: End_Reason.COMPLETE });
  }
  expect(images[0]?.event.value).toMatchObject({
    reason: SyncBegin_Reason.INITIAL,
    heartbeatInterval: { seconds: 10n },
  });
});

test("images come in batches of at most two hundred, and count without their repositories", async () => {
  const { metadata, client } = await open();
  await Promise.all(Array.from({ length: 450 }, (_, number) => tag(metadata, `one:${number}`, image(1))));
  const messages = await Array.fromAsync(client.listImages({}, { headers }));
  const sizes = messages.map(({ event }) =>
    event.case === "batch" ? event.value.images.length + event.value.repositories.length : 0,
  );
  expect(Math.max(...sizes)).toBe(200);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(451);
  expect(messages.at(-2)?.event.value).toMatchObject({ count: 450n });
});

test("a stream ends when the server stops", async () => {
  const { client, stop } = await open();
  const messages: ListNamespacesResponse[] = [];
  const reading = (async () => {
    for await (const message of client.listNamespaces({ follow: true })) messages.push(message);
  })();
  await expect.poll(() => messages.length).toBeGreaterThan(1);
  stop();
  await reading;
  expect(messages.at(-1)?.event).toMatchObject({ case: "end", value: { reason: End_Reason.SHUTDOWN } });
});

test("a stream that is as old as streams may get ends, and the next one begins anew", async () => {
  const { client } = await open({ timing: { maxAgeMs: 50, ageSpread: 0 } });
  const messages = await Array.fromAsync(client.listNamespaces({ follow: true }));
  expect(messages.at(-1)?.event).toMatchObject({ case: "end", value: { reason: End_Reason.MAX_AGE } });
});

test("a bookmark comes at every heartbeat", async () => {
  const { client } = await open({ timing: { heartbeatMs: 20 } });
  let bookmarks = 0;
  for await (const { event } of client.listLeases({ follow: true }, { headers })) {
    if (event.case === "bookmark") bookmarks += 1;
    if (bookmarks === 4) break;
  }
  expect(bookmarks).toBe(4);
});

test("one stream more than may be is refused, and the place of one that ended is free", async () => {
  const { client } = await open({ streams: { perConnection: 2, overall: 2 } });
  const gone = new AbortController();
  const stream = (signal?: AbortSignal) =>
    client.listNamespaces({ follow: true }, { signal })[Symbol.asyncIterator]().next();
  await stream(gone.signal);
  await stream();
  expect(await failure(stream())).toMatchObject({ code: Code.ResourceExhausted });
  gone.abort();
  await expect.poll(async () => (await stream()).value?.event.case).toBe("begin");
});

test("a stream without a namespace is refused, and one of every namespace needs none", async () => {
  const { metadata, client } = await open();
  await tag(metadata, "one:1", image(1), "a");
  await tag(metadata, "one:1", image(1), "b");
  expect(await failure(Array.fromAsync(client.listImages({})))).toMatchObject({ code: Code.FailedPrecondition });
  expect(await failure(Array.fromAsync(client.listLeases({ namespaces: ["*", "a"] })))).toMatchObject({
    code: Code.InvalidArgument,
  });
  const messages = await Array.fromAsync(client.listImages({ namespaces: ["*"] }));
  expect(messages.at(-2)?.event.value).toMatchObject({ count: 2n });
});

test("what holds a blob is told with its distance, and what nothing holds is doomed", async () => {
  const { metadata, client } = await open();
  await startLeases(metadata);
  const layer = await put(metadata, "n", "layer");
  const parent = named(types.manifest, "manifest");
  await put(metadata, "n", parent.text, refs(layer));
  await tag(metadata, "one:1", parent);
  expect(await client.getHold({ namespace: "n", digest: layer })).toMatchObject({
    state: GetHoldResponse_State.HELD,
    holders: [{ kind: Holder_Kind.IMAGE, key: "one:1", distance: 2 }],
    complete: true,
  });
  const garbage = await put(metadata, "n", "garbage");
  expect(await client.getHold({ digest: garbage }, { headers })).toMatchObject({ state: GetHoldResponse_State.DOOMED });
  const gone = client.getHold({ namespace: "n", digest: digestOf("gone") });
  expect(await failure(gone)).toMatchObject({ code: Code.NotFound });
  expect(await failure(client.getHold({ namespace: "n", digest: "x" }))).toMatchObject({ code: Code.InvalidArgument });
  expect(await failure(client.getHold({ digest: layer }))).toMatchObject({ code: Code.FailedPrecondition });
});

test("a lease is extended, and made to last for ever", async () => {
  const { metadata, client } = await open();
  await metadata.leases.create("n", "pull", { a: "b" });
  const expiresAt = { seconds: 4_102_444_800n, nanos: 0 };
  const { lease } = await client.extendLease({ namespace: "n", id: "pull", expiresAt });
  expect(lease?.labels).toEqual({ a: "b", "containerd.io/gc.expire": "2100-01-01T00:00:00.000Z" });
  expect((await client.extendLease({ namespace: "n", id: "pull" })).lease?.labels).toEqual({ a: "b" });
  const past = client.extendLease({ namespace: "n", id: "pull", expiresAt: { seconds: 1n } });
  expect(await failure(past)).toMatchObject({ code: Code.InvalidArgument });
  expect(await failure(client.extendLease({ namespace: "n", id: "no" }))).toMatchObject({ code: Code.NotFound });
});

test("a server serves it, and after a restart tells the same", async () => {
  const first = await openTestMetadata();
  const one = image(1);
  await store(first.metadata, "n", one);
  await tag(first.metadata, "one:1", one);
  await first.close();
  const { metadata } = await openTestMetadata({ root: first.root, below: first.below });
  const service = createCatalogService(metadata, { stopping: new AbortController().signal, failed: () => undefined });
  const restarted = createClient(CatalogService, transportTo(service));
  const [, message] = await Array.fromAsync(restarted.listImages({ namespaces: ["n"] }));
  expect(message?.event.value).toMatchObject({
    images: [{ namespace: "n", image: { name: "one:1" }, blobsPresent: 1n, blobsNeeded: 3n }],
    repositories: [{ repository: "one", images: 1n }],
  });

  const { socket } = await openTestServer();
  const served = createClient(CatalogService, grpcTransport(socket));
  expect(kindsOf(await Array.fromAsync(served.listNamespaces({})))).toEqual(["begin", "bookmark", "end"]);
});
