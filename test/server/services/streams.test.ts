import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import { connect } from "node:http2";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import type { ListResponse } from "../../../gen/stowage/v1/content_pb.js";
import { ContentService, SyncBegin_Reason } from "../../../gen/stowage/v1/content_pb.js";
import type { FeedTiming } from "../../../server/feed/timing.ts";
import { feedTiming } from "../../../server/feed/timing.ts";
import { definePlugin } from "../../../server/plugins/plugin.ts";
import { streamLimits } from "../../../server/policy/stream-places.ts";
import { createStowageContent, stowageContentPlugin } from "../../../server/services/stowage-content.ts";
import { createMemoryStore } from "../../../server/stores/memory/store.ts";
import { createTable, digestOf } from "../feed/table.ts";
import { inMemory, serve } from "../listen/serve.ts";
import { headers } from "./calls.ts";

/** A server over rows that a test changes. */
async function serveTable(timing: FeedTiming = feedTiming) {
  const table = createTable();
  const page = () => Promise.reject(new Error("pages need a database"));
  const metadata = Object.assign(table, { in: () => createMemoryStore(), page });
  const service = definePlugin({
    type: "service",
    id: "stowage-content",
    requires: [],
    config: z.strictObject({}),
    open: async ({ stopping }) => createStowageContent(metadata, { stopping, timing }),
  });
  const plugins = inMemory.map((plugin) => (plugin === stowageContentPlugin ? service : plugin));
  return { table, ...(await serve({ plugins })) };
}

/** `ListRequest{watch{follow}}` in a gRPC envelope. */
const followAll = Buffer.from([0, 0, 0, 0, 4, 0x22, 2, 0x08, 1]);

function openStream(session: ClientHttp2Session): ClientHttp2Stream {
  const stream = session.request({
    ":method": "POST",
    ":path": "/stowage.v1.ContentService/List",
    "content-type": "application/grpc",
    te: "trailers",
    ...headers,
  });
  stream.on("error", () => undefined).resume();
  stream.end(followAll);
  return stream;
}

test("a client that opens a thousand streams on a connection gets a hundred, and is told what to do", async () => {
  const { url } = await serveTable();
  const session = connect(url);
  onTestFinished(() => session.destroy());
  const refusals: unknown[] = [];
  const streams = Array.from({ length: 1000 }, () => openStream(session));
  for (const stream of streams) {
    const note = (fields: Record<string, unknown>) => {
      if (fields["grpc-status"] !== undefined) refusals.push(`${fields["grpc-status"]} ${fields["grpc-message"]}`);
    };
    stream.on("response", note).on("trailers", note);
  }
  await expect.poll(() => refusals.length).toBe(1000 - streamLimits.perConnection);
  expect(new Set(refusals.map((text) => decodeURIComponent(String(text))))).toEqual(
    new Set(["8 more than 100 streams on one connection; close some, or select more rows with one"]),
  );

  const other = connect(url);
  onTestFinished(() => other.destroy());
  expect((await once(openStream(other), "data")).length).toBe(1);

  streams.find((stream) => !stream.closed)?.close();
  await expect
    .poll(async () => {
      const again = openStream(session);
      const [first] = await Promise.race([once(again, "data"), once(again, "end")]);
      return first !== undefined;
    })
    .toBe(true);
});

test("a client that does not read makes the server stop, hold little, and tell the set again once it reads", async () => {
  const { table, url } = await serveTable({ ...feedTiming, pendingKeys: 500 });
  table.scanRows = 25;
  const count = 1000;
  // What gzip cannot make small, or all of it fits between the two.
  const text = () => randomBytes(2000).toString("base64");
  for (let number = 0; number < count; number += 1) table.put("n", digestOf(number), 1, { text: text() });
  const client = createClient(ContentService, createGrpcTransport({ baseUrl: url }));
  const gone = new AbortController();
  onTestFinished(() => gone.abort());
  const messages = client
    .list({ watch: { follow: true } }, { headers, signal: gone.signal })
    [Symbol.asyncIterator]() as AsyncIterator<ListResponse>;
  await messages.next();
  // Some of 40 are read, or it did not begin yet, and then there is nothing to stop.
  await expect.poll(() => settledPages(table)).toSatisfy((pages) => pages > 0 && pages < 20);

  for (let number = 0; number < count; number += 1) table.put("n", digestOf(number), 1, { tier: "new" });
  expect(table.feed.watched).toBe(false);

  const held = new Map<string, string | undefined>();
  let reason: SyncBegin_Reason | undefined;
  for (let complete = false; !complete; ) {
    const { value } = await messages.next();
    const { event } = value as ListResponse;
    if (event.case === "begin") {
      reason = event.value.reason;
      held.clear();
    }
    if (event.case === "batch") {
      for (const { info } of event.value.items) held.set(info?.digest ?? "", info?.labels["tier"]);
    }
    complete = event.case === "bookmark" && event.value.setComplete;
  }
  expect(reason).toBe(SyncBegin_Reason.OVERFLOW);
  expect([held.size, new Set(held.values())]).toEqual([count, new Set(["new"])]);
});

/** Pages of the table that were read, once no more are. */
async function settledPages(table: { readonly pages: number }): Promise<number> {
  for (;;) {
    const before = table.pages;
    for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);
    if (table.pages === before) return before;
  }
}
