import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { describe, expect, test } from "vitest";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { Leases } from "../../../gen/containerd/services/leases/v1/leases_pb.js";
import { ContentService } from "../../../gen/stowage/v1/content_pb.js";
import { createMetrics } from "../../../server/metrics/metrics.ts";
import { createStreamPlaces } from "../../../server/policy/stream-places.ts";
import { bytes, get, leave, noise, put } from "../../suite/support.ts";
import { grpcTransport } from "../../support/grpc.ts";
import { openTestServer } from "../../support/stowage.ts";
import { ask } from "../listen/serve.ts";
import { openTestMetadata, put as putText } from "../metadata/support.ts";
import { failure, sha256 } from "../services/calls.ts";
import { scrape } from "./scrape.ts";

const content = { service: "containerd.services.content.v1.Content" } as const;

const namespaced = { headers: { "containerd-namespace": "n" } } as const;

describe("after real calls", () => {
  test("calls are counted by method and code, over gRPC and Connect alike, with how long they took", async () => {
    const { url, socket } = await openTestServer();
    const grpc = createClient(Content, grpcTransport(socket));
    const connect = createClient(Content, createConnectTransport({ baseUrl: url, httpVersion: "1.1" }));
    const digest = await put(createRemoteStore(grpcTransport(socket), { namespace: "n" }), bytes("hello"));
    for (const client of [grpc, connect]) {
      await client.info({ digest }, namespaced);
      await failure(client.info({ digest: sha256("other") }, namespaced));
    }
    const { value, series } = await scrape(url);
    expect(value("stowage_calls_total", { ...content, method: "Info", code: "ok" })).toBe(2);
    expect(value("stowage_calls_total", { ...content, method: "Info", code: "NotFound" })).toBe(2);
    expect(value("stowage_calls_under_way", { ...content, method: "Info" })).toBe(0);
    expect(value("stowage_call_duration_seconds_count", { ...content, method: "Info" })).toBe(4);
    expect(value("stowage_call_duration_seconds_bucket", { ...content, method: "Info", le: "+Inf" })).toBe(4);
    expect(value("stowage_call_duration_seconds_sum", { ...content, method: "Info" })).toBeGreaterThan(0);
    // Of a number that is there from the start an alert sees the first fault.
    for (const code of ["Internal", "DataLoss", "ResourceExhausted", "Unknown"]) {
      expect(value("stowage_call_faults_total", { code })).toBe(0);
    }
    const buckets = series.filter(({ name, labels }) => name.endsWith("_bucket") && labels["method"] === "Info");
    const counts = buckets.map((bucket) => bucket.value);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
  });

  test("bytes that were read and written are those of contents, whatever way they went", async () => {
    const { url, socket } = await openTestServer();
    const store = createRemoteStore(grpcTransport(socket), { namespace: "n" });
    const data = noise(3_000_000);
    const digest = await put(store, data);
    await get(store, digest, 1_000_000);
    await ask(`${url}/-/blob?ns=n&d=${digest}`, { headers: { range: "bytes=0-999" } });
    const { value } = await scrape(url);
    expect(value("stowage_written_bytes_total")).toBe(3_000_000);
    expect(value("stowage_read_bytes_total")).toBe(2_000_000 + 1000);
  });

  test("what is stored is counted by namespace, and once a digest", async () => {
    const { url, socket } = await openTestServer();
    const storeOf = (namespace: string) => createRemoteStore(grpcTransport(socket), { namespace });
    for (const namespace of ["a", "b"]) await put(storeOf(namespace), bytes("in both"));
    await put(storeOf("b"), bytes("in one"));
    await leave(storeOf("a"), "left", bytes("some"));
    await using writer = await storeOf("a").writer({ ref: "open" });
    await writer.write(bytes("some"));
    const { value } = await scrape(url);
    expect([value("stowage_blobs", { namespace: "a" }), value("stowage_blob_bytes", { namespace: "a" })]).toEqual([
      1, 7,
    ]);
    expect([value("stowage_blobs", { namespace: "b" }), value("stowage_blob_bytes", { namespace: "b" })]).toEqual([
      2, 13,
    ]);
    expect([value("stowage_distinct_blobs"), value("stowage_distinct_blob_bytes")]).toEqual([2, 13]);
    const states = ["writing", "stalled", "resumable"].map((state) => value("stowage_ingests", { state }));
    expect(states).toEqual([1, 0, 1]);
    expect(value("stowage_ingest_oldest_age_seconds")).toBeGreaterThan(0);
    expect(value("stowage_calls_under_way", { ...content, method: "Write" })).toBe(1);
  });

  test("collections tell what they removed, and streams that they are open", async () => {
    const { url, socket } = await openTestServer();
    const transport = grpcTransport(socket);
    await createClient(Leases, transport).create({ id: "l" }, namespaced);
    await put(createRemoteStore(transport, { namespace: "n", lease: "l" }), bytes("leased"));
    const over = new AbortController();
    const stream = createClient(ContentService, transport).list(
      { watch: { follow: true } },
      { ...namespaced, signal: over.signal },
    );
    const events = stream[Symbol.asyncIterator]();
    await events.next();
    const before = await scrape(url);
    expect([before.value("stowage_leases"), before.value("stowage_streams")]).toEqual([1, 1]);
    await createClient(Leases, transport).delete({ id: "l", sync: true }, namespaced);
    over.abort();
    await failure(Promise.resolve(events.next()));
    await expect.poll(async () => (await scrape(url)).value("stowage_streams")).toBe(0);
    const { value } = await scrape(url);
    const runs = value("stowage_collection_duration_seconds_count");
    expect(runs).toBeGreaterThan(before.value("stowage_collection_duration_seconds_count"));
    expect(value("stowage_collection_removed_total", { kind: "blobs" })).toBe(1);
    expect([value("stowage_collection_removed_bytes_total"), value("stowage_collections_failed_total")]).toEqual([
      6, 0,
    ]);
    expect([value("stowage_leases"), value("stowage_distinct_blobs")]).toEqual([0, 0]);
  });

  test("scrapes while many write see every number grow, and the end of it", async () => {
    const { url, socket } = await openTestServer();
    const store = createRemoteStore(grpcTransport(socket), { namespace: "n" });
    const names = ["stowage_calls_total", "stowage_written_bytes_total", "stowage_distinct_blobs"] as const;
    let writing = true;
    const writes = Promise.all(Array.from({ length: 60 }, (_, at) => put(store, bytes(`blob ${100 + at}`)))).finally(
      () => {
        writing = false;
      },
    );
    const seen: (readonly number[])[] = [];
    while (writing) {
      const { series } = await scrape(url);
      seen.push(names.map((name) => series.find((one) => one.name === name)?.value ?? 0));
    }
    await writes;
    const { value } = await scrape(url);
    for (const [at] of names.entries()) {
      const column = seen.map((row) => row[at] ?? 0);
      expect(column).toEqual([...column].sort((a, b) => a - b));
    }
    expect([value("stowage_written_bytes_total"), value("stowage_distinct_blobs")]).toEqual([480, 60]);
    expect(value("stowage_calls_total", { method: "Write", code: "ok" })).toBe(60);
  });
});

test("namespaces beyond the hundredth by name are one, and a writer without bytes stalls", async () => {
  const { metadata, root } = await openTestMetadata();
  const names = Array.from({ length: 103 }, (_, at) => `n${String(at).padStart(3, "0")}`);
  await Promise.all(names.map((name) => putText(metadata, name, "shared")));
  await using _writer = await metadata.in({ namespace: "n000" }).writer({ ref: "held" });
  const streams = createStreamPlaces();
  const served = { stores: [], certificates: () => [] };
  const text = await createMetrics({ metadata, streams, ...served, root, version: "1", stalledMs: 0 }).read("text");
  expect(text.match(/^stowage_blobs\{/gm)).toHaveLength(101);
  expect(text).toContain('stowage_blobs{namespace="n099"} 1\nstowage_blobs{namespace="(others)"} 3\n');
  expect(text).toContain('stowage_blob_bytes{namespace="(others)"} 18\n');
  expect(text).toContain("stowage_distinct_blob_bytes 6\n");
  expect(text).toContain('stowage_ingests{state="stalled"} 1\n');
  expect(text).not.toContain("stowage_collection");
});
