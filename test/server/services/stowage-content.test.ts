import { Code, createClient } from "@connectrpc/connect";
import { describe, expect, onTestFinished, test } from "vitest";
import { WriteAction } from "../../../gen/containerd/services/content/v1/content_pb.js";
import {
  ContentService,
  End_Reason,
  Ingest_State,
  IngestEnd_Outcome,
  SyncBegin_Reason,
} from "../../../gen/stowage/v1/content_pb.js";
import { createStowageContent } from "../../../server/services/stowage-content.ts";
import { createMemoryStore } from "../../../server/stores/memory/store.ts";
import { quick } from "../feed/reader.ts";
import { createTable, digestOf } from "../feed/table.ts";
import { bytesOf, failure, headers, sha256, transportTo } from "./calls.ts";

/** No bookmark comes by the clock alone. */
const timing = { ...quick, heartbeatMs: 60_000 };

const heartbeatInterval = { seconds: 60n, nanos: 0 };

/** The service over rows that a test changes, and a bare store to write to. */
function open() {
  const table = createTable();
  const store = createMemoryStore();
  const stopping = new AbortController();
  const page = () => Promise.reject(new Error("pages need a database"));
  const metadata = Object.assign(table, { in: () => store, page });
  const service = createStowageContent(metadata, { stopping: stopping.signal, timing });
  const gone = new AbortController();
  onTestFinished(() => gone.abort());
  const call = { headers, signal: gone.signal };
  return { table, store, stopping, call, client: createClient(ContentService, transportTo(service)) };
}

describe("List", () => {
  test("is the set, a bookmark that is complete, and an end, where it does not follow", async () => {
    const { table, client, call } = open();
    table.put("n", digestOf(1), 10, { tier: "gold" });
    table.put("n", digestOf(2), 5);
    table.put("other", digestOf(3), 1);
    const request = { selection: { filters: ["labels.tier==gold"] }, orderBy: "size desc" };
    const events = (await Array.fromAsync(client.list(request, call))).map(({ event }) => event);
    expect(events.map((event) => event.case)).toEqual(["begin", "batch", "bookmark", "end"]);
    expect(events[0]?.value).toMatchObject({ reason: SyncBegin_Reason.INITIAL, heartbeatInterval });
    const info = { digest: digestOf(1), size: 10n, labels: { tier: "gold" } };
    expect(events[1]?.value).toMatchObject({ items: [{ namespace: "n", info }] });
    expect(events[2]?.value).toMatchObject({
      count: 1n,
      bytes: 10n,
      wholeCount: 2n,
      wholeBytes: 15n,
      setComplete: true,
    });
    expect(events[3]?.value).toMatchObject({ reason: End_Reason.COMPLETE });
  });

  test("tells what happens, and the server's stop", async () => {
    const { table, client, call, stopping } = open();
    table.put("n", digestOf(1), 10);
    const seen: unknown[] = [];
    for await (const { event } of client.list({ watch: { follow: true } }, call)) {
      if (event.case === "bookmark" && seen.length === 0) table.remove("n", digestOf(1));
      if (event.case === "removed") stopping.abort();
      if (event.case === "removed" || event.case === "end") seen.push(event);
    }
    expect(seen).toMatchObject([
      { case: "removed", value: { namespace: "n", digest: digestOf(1), leftSelection: false } },
      { case: "end", value: { reason: End_Reason.SHUTDOWN } },
    ]);
  });

  test("needs a namespace, from the header or the selection", async () => {
    const { table, client } = open();
    table.put("other", digestOf(1), 1);
    const error = await failure(Array.fromAsync(client.list({})));
    expect([error.code, error.rawMessage]).toEqual([
      Code.FailedPrecondition,
      "namespace is required: failed precondition",
    ]);
    const all = await Array.fromAsync(client.list({ selection: { namespaces: ["*"] } }));
    expect(all.find(({ event }) => event.case === "batch")?.event.value).toMatchObject({
      items: [{ namespace: "other" }],
    });
  });

  test.for([
    ["an order", { orderBy: "colour" }],
    ["a limit", { limit: 1001 }],
    ["a filter", { selection: { filters: ["=="] } }],
    ["a regexp", { selection: { regexp: "(" } }],
  ] as const)("refuses %s that is none before it begins", async ([, request]) => {
    const { table, client, call } = open();
    expect((await failure(Array.fromAsync(client.list(request as object, call)))).code).toBe(Code.InvalidArgument);
    expect(table.feed.watched).toBe(false);
  });

  test("refuses an interval that is none", async () => {
    const { client, call } = open();
    const request = { watch: { follow: true, minInterval: { seconds: 0n, nanos: 1_000_000 } } };
    expect((await failure(Array.fromAsync(client.list(request, call)))).code).toBe(Code.InvalidArgument);
  });
});

test("Status tells where ingests stand and how they end", async () => {
  const { table, client, call } = open();
  const now = new Date();
  const status = { ref: "r", offset: 3, total: 9, startedAt: now, updatedAt: now };
  table.putIngest({ namespace: "n", status, lockedAt: now, holder: "mei", lastError: "" });
  const end = { outcome: "committed" as const, digest: digestOf(1), size: 9, by: "", endedAt: now };
  const seen: unknown[] = [];
  for await (const { event } of client.status({ watch: { follow: true } }, call)) {
    if (event.case === "batch") seen.push(event.value);
    if (event.case === "bookmark" && seen.length === 1) table.endIngest("n", "r", end);
    if (event.case !== "ended") continue;
    seen.push(event.value);
    break;
  }
  expect(seen).toMatchObject([
    {
      ingests: [
        { namespace: "n", status: { ref: "r", offset: 3n, total: 9n }, state: Ingest_State.WRITING, holder: "mei" },
      ],
    },
    { namespace: "n", ref: "r", outcome: IngestEnd_Outcome.COMMITTED, digest: digestOf(1), size: 9n },
  ]);
});

test("Status with a query tells what comes into it and what leaves it", async () => {
  const { table, client, call } = open();
  const now = new Date();
  const put = (offset: number) => {
    const status = { ref: "r", offset, total: 9, startedAt: now, updatedAt: now };
    table.putIngest({ namespace: "n", status, lockedAt: now, holder: "mei", lastError: "" });
  };
  put(9);
  const request = { selection: { query: "size:>4B" }, watch: { follow: true } };
  for await (const { event } of client.status(request, call)) {
    if (event.case === "batch") put(0);
    if (event.case !== "left") continue;
    expect(event.value).toMatchObject({ namespace: "n", ref: "r" });
    break;
  }
});

describe("Write", () => {
  test("is whole in one call where it is a COMMIT or says close: the ref is free after it", async () => {
    const { client, store, call } = open();
    const write = async (message: object) => {
      const answer = await client.write({ request: { ref: "r", ...message }, close: true }, call);
      expect(answer).toMatchObject({ writerId: "" });
      expect(answer.lockUntil).toBeUndefined();
      return answer.response;
    };
    expect(await write({ action: WriteAction.STAT })).toMatchObject({ offset: 0n });
    expect(await write({ action: WriteAction.WRITE, data: bytesOf("abc") })).toMatchObject({ offset: 3n });
    expect(await write({ action: WriteAction.WRITE, offset: 3n, data: bytesOf("def") })).toMatchObject({ offset: 6n });
    await using held = await store.writer({ ref: "r" });
    expect((await held.status()).offset).toBe(6);
    await held.close();
    const request = { ref: "r", action: WriteAction.COMMIT, offset: 6n };
    expect(await client.write({ request }, call)).toMatchObject({
      response: { digest: sha256("abcdef") },
      writerId: "",
    });
  });

  test("holds the ref for its next call otherwise, as whoever calls", async () => {
    const { client, store, call } = open();
    const first = { ref: "r", action: WriteAction.WRITE, data: bytesOf("abc") };
    const { writerId, lockUntil } = await client.write({ request: first }, call);
    expect(lockUntil).toBeDefined();
    await expect(store.writer({ ref: "r", waitMs: 0 })).rejects.toMatchObject({ kind: "unavailable" });
    const request = { ref: "r", action: WriteAction.COMMIT, offset: 3n };
    expect(await client.write({ request, writerId }, call)).toMatchObject({
      response: { digest: sha256("abc") },
      writerId,
    });
  });

  test("that fails lets go of the ref too, and keeps what was there", async () => {
    const { client, store, call } = open();
    await client.write({ request: { ref: "r", action: WriteAction.WRITE, data: bytesOf("abc") }, close: true }, call);
    for (const request of [
      { ref: "r", action: WriteAction.WRITE, offset: 9n, data: bytesOf("x") },
      { ref: "r", action: WriteAction.COMMIT, offset: 3n, total: 4n },
      { ref: "r", action: -1 as WriteAction },
    ]) {
      await failure(client.write({ request }, call));
    }
    await using held = await store.writer({ ref: "r" });
    expect((await held.status()).offset).toBe(3);
  });

  test("needs a request and a ref, and takes 4 MiB of data at most", async () => {
    const { client, store, call } = open();
    const data = new Uint8Array(4 * 1024 * 1024 + 1);
    for (const message of [{}, { request: {} }, { request: { ref: "r", action: WriteAction.WRITE, data } }]) {
      expect((await failure(client.write(message, call))).code).toBe(Code.InvalidArgument);
    }
    await expect(store.status("r")).rejects.toMatchObject({ kind: "not-found" });
    const request = { ref: "r", action: WriteAction.WRITE, data: data.subarray(1) };
    expect((await client.write({ request }, call)).response).toMatchObject({ offset: 4n * 1024n * 1024n });
  });
});
