import { fromBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import type { OrderKey } from "../../../content/order.ts";
import { compareBy } from "../../../content/order.ts";
import type { Selection } from "../../../content/remote/events.ts";
import { blobFromWire, infoFromWire } from "../../../content/wire.ts";
import { ListContentResponseSchema } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { InfoBatchSchema } from "../../../gen/stowage/v1/content_pb.js";
import type { BlobRow } from "../../../server/feed/change.ts";
import type { ScanQuery } from "../../../server/feed/scan-query.ts";
import { compileSelection } from "../../../server/feed/selection.ts";
import { feedTiming } from "../../../server/feed/timing.ts";
import { watchBlobs } from "../../../server/feed/watch-blobs.ts";
import type { Metadata } from "../../../server/metadata/metadata.ts";
import type { Namespaces } from "../../../server/metadata/set.ts";
import { createReader } from "../feed/reader.ts";
import { totalsOf } from "../feed/table.ts";
import { openTestMetadata, put } from "./support.ts";

const fields: readonly OrderKey["field"][] = ["digest", "namespace", "size", "createdAt", "updatedAt"];

const selections: readonly Selection[] = [
  {},
  { filters: ["labels.tier==gold"] },
  { regexp: "^sha256:[0-7]" },
  { regexp: "tier=.*o" },
  { regexp: "gold$" },
  { query: "size:>3B -ns:c" },
  { query: "label:tier=gold age:<1h" },
  { query: "size:>1GiB" },
];

/** Blobs of few sizes and labels, many of them in more than one namespace. */
async function fill(metadata: Metadata): Promise<readonly BlobRow[]> {
  for (let number = 0; number < 60; number += 1) {
    for (const namespace of ["a", "b", "c"].slice(number % 3)) {
      const tier = ["gold", "iron", ""][(number + namespace.length) % 3] ?? "";
      await put(metadata, namespace, `${number}`.padStart(2 + (number % 4)), { tier });
    }
  }
  using view = metadata.snapshot();
  return view.page("*", [], undefined, 1000);
}

function compile(selection: Selection, namespaces: Namespaces) {
  return compileSelection({ ...selection, namespaces: namespaces === "*" ? ["*"] : namespaces }, undefined);
}

async function read(metadata: Metadata, query: ScanQuery, form: "rows" | "items" | "infos") {
  const pages = await Array.fromAsync(metadata.scan(query, form));
  for (const { sequence } of pages) expect(sequence).toBe(metadata.feed.sequence);
  return pages;
}

test("a scan of every selection and order, from any place, is its rows in that order; a count counts all of them", async () => {
  const { metadata } = await openTestMetadata();
  const all = await fill(metadata);
  const key = fc.record({ field: fc.constantFrom(...fields), descending: fc.boolean() });
  const asked = fc.record({
    namespaces: fc.oneof(fc.constant("*" as const), fc.subarray(["a", "b", "c", "d"], { minLength: 1 })),
    order: fc.uniqueArray(key, { maxLength: 2, selector: ({ field }) => field }),
    selection: fc.constantFrom(...selections),
    after: fc.option(fc.constantFrom(...all), { nil: undefined }),
    including: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(asked, async ({ namespaces, order, selection: chosen, after, including }) => {
      const selection = compile(chosen, namespaces);
      const compare = compareBy(order);
      const selected = all.filter(selection.selectsBlob).sort(compare);
      const from = (row: BlobRow) => after === undefined || compare(row, after) > (including ? -1 : 0);
      const pages = await read(metadata, { selection, order, after, including }, "rows");
      expect(pages.flatMap(({ rows }) => rows)).toEqual(selected.filter(from));
      const count = metadata.count(selection, new AbortController().signal);
      expect([await count.done, count.totals]).toEqual([metadata.feed.sequence, totalsOf(selected)]);
    }),
    { numRuns: 150 },
  );
});

test("rows as bytes are the same rows", async () => {
  const { metadata } = await openTestMetadata();
  const all = await fill(metadata);
  const query = { selection: compile({}, "*"), order: [] };
  const bytesOf = async (form: "items" | "infos") =>
    (await read(metadata, query, form)).flatMap(({ encoded }) => encoded ?? []);
  const items = (await bytesOf("items")).flatMap((bytes) => fromBinary(InfoBatchSchema, bytes).items);
  expect(items.map(blobFromWire)).toEqual(all);
  const infos = (await bytesOf("infos")).flatMap((bytes) => fromBinary(ListContentResponseSchema, bytes).info);
  expect(infos.map(infoFromWire)).toEqual(all.map(({ info }) => info));
});

test("pieces of rows with long labels are bounded in bytes", async () => {
  const { metadata } = await openTestMetadata();
  const labels = Object.fromEntries(Array.from({ length: 100 }, (_, number) => [`k${number}`, "v".repeat(4000)]));
  for (const text of ["1", "2", "3", "4", "5", "6"]) await put(metadata, "a", text, labels);
  for (const form of ["rows", "items", "infos"] as const) {
    const pages = await read(metadata, { selection: compile({}, ["a"]), order: [] }, form);
    expect(pages.filter(({ rows, encoded }) => rows.length > 0 || encoded !== undefined).length).toBeGreaterThan(1);
    for (const { encoded } of pages) expect(encoded?.length ?? 0).toBeLessThan(2 * 1024 * 1024);
  }
});

describe("what nobody waits for any more", () => {
  test("ends without an error, and what comes next is done", async () => {
    const { metadata } = await openTestMetadata();
    await put(metadata, "a", "one");
    const selection = compile({ filters: ["size!=0"] }, ["a"]);
    const left = new AbortController();
    const counts = Array.from({ length: 4 }, () => metadata.count(selection, left.signal));
    const scans = Array.from({ length: 4 }, () =>
      Array.fromAsync(metadata.scan({ selection, order: [] }, "rows", left.signal)),
    );
    left.abort();
    expect(await Promise.all(counts.map(({ done }) => done))).toEqual([0, 0, 0, 0]);
    expect((await Promise.all(scans)).flat()).toEqual([]);
    const count = metadata.count(selection, new AbortController().signal);
    expect(await count.done).toBeGreaterThan(0);
    expect(count.totals.count).toBe(1);
  });

  test("waits for no place in the line", async () => {
    const { metadata } = await openTestMetadata();
    const selection = compile({}, ["a"]);
    const left = AbortSignal.abort();
    expect(await Array.fromAsync(metadata.scan({ selection, order: [] }, "rows", left))).toEqual([]);
    expect(await metadata.count(selection, left).done).toBe(0);
  });
});

test("a store that is closed while a set is read and counted fails the stream, and starts no thread again", async () => {
  const { metadata, close } = await openTestMetadata();
  await fill(metadata);
  const signal = new AbortController().signal;
  const watch = { selection: { filters: ["size!=0"] }, namespace: "a", follow: true, orderBy: "", limit: 0 };
  const reader = createReader(watchBlobs(metadata, watch, { timing: feedTiming, stopping: signal, signal }));
  await reader.next();
  await close();
  await expect(reader.complete()).rejects.toMatchObject({ kind: "cancelled" });
  const scan = metadata.scan({ selection: compile({}, "*"), order: [] }, "rows");
  await expect(Array.fromAsync(scan)).rejects.toMatchObject({ kind: "cancelled" });
});

test("streams of a store that is written all the time hold what it holds, and count it exactly", async () => {
  const { metadata } = await openTestMetadata();
  await fill(metadata);
  const left = new AbortController();
  onTestFinished(() => left.abort());
  const options = { timing: { ...feedTiming, countsMs: 1 }, stopping: left.signal, signal: left.signal };
  const stopping = new AbortController();
  let writing = true;
  const writer = (async () => {
    for (let number = 0; writing; number += 1) {
      const namespace = "abc"[number % 3] ?? "a";
      const digest = await put(metadata, namespace, `w${number}`, { tier: number % 2 === 0 ? "gold" : "tin" });
      if (number % 5 === 0) await metadata.in({ namespace }).update({ digest, labels: { tier: "tin" } });
      if (number % 8 > 0) await metadata.in({ namespace }).delete(digest);
    }
  })();
  const selection: Selection = { filters: ["labels.tier==gold"], namespaces: ["*"] };
  const watch = { selection, namespace: undefined, follow: true, minIntervalMs: 100, orderBy: "", limit: 0 };
  const readers = Array.from({ length: 8 }, () => {
    return createReader(watchBlobs(metadata, watch, { ...options, stopping: stopping.signal }));
  });
  for (const reader of readers) {
    await reader.complete();
    reader.expectExact();
  }
  writing = false;
  await writer;
  using view = metadata.snapshot();
  const wanted = view.page("*", [], undefined, 1000).filter(compile(selection, "*").selectsBlob);
  for (const reader of readers) {
    await reader.until((event) => event.kind === "bookmark" && reader.blobs.size === wanted.length);
    reader.expectExact();
    expect(reader.bookmark?.selected).toEqual(totalsOf(wanted));
  }
});
