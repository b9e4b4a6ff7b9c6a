import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { expect, onTestFinished, test, vi } from "vitest";
import { parseDigest } from "../../../content/parse-digest.ts";
import type { HeldRef } from "../../../content/remote/held-ref.ts";
import type { RemoteOptions } from "../../../content/remote/store.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { WriteAction } from "../../../gen/containerd/services/content/v1/content_pb.js";
import type { WriteRequest } from "../../../gen/stowage/v1/content_pb.js";
import { ContentService } from "../../../gen/stowage/v1/content_pb.js";
import { OffsetMismatchSchema } from "../../../gen/stowage/v1/errors_pb.js";

const digest = parseDigest(`sha256:${"0".repeat(64)}`);
const resend = { retries: 3, minDelayMs: 1, maxDelayMs: 1 };

/** What a peer does with the calls after the open: `ok` answers, an error is thrown, `lost` is an answer that does not come. */
type Reply = "ok" | "lost" | ConnectError;

const lost = new ConnectError("the connection is lost", Code.Unavailable);

/** A unary writer over a peer that opens at 0 and then replies so; when it has no more replies, all is well. */
async function open(replies: readonly Reply[] = [], options: RemoteOptions = {}) {
  const got: WriteRequest[] = [];
  const transport = createRouterTransport((router) =>
    router.service(ContentService, {
      write(message) {
        got.push(message);
        const reply = replies[got.length - 2] ?? "ok";
        if (reply !== "ok") throw reply === "lost" ? lost : reply;
        const { action = 0, offset = 0n, data = new Uint8Array(0) } = message.request ?? {};
        return { response: { action, offset: offset + BigInt(data.length), digest }, writerId: message.writerId };
      },
    }),
  );
  const store = createRemoteStore(transport, { writer: "unary", resend, ...options });
  const writer = await store.writer({ ref: "r", descriptor: { digest, size: 4 } });
  return { writer, got };
}

const bytes = (length: number) => new Uint8Array(length);

/** What was said, in short. */
const short = (got: readonly WriteRequest[]) =>
  got.map(({ request, close }) => {
    const { action = WriteAction.STAT, offset = 0n, data = bytes(0) } = request ?? {};
    return [WriteAction[action], Number(offset), data.length, ...(close ? ["close"] : [])];
  });

test("a unary writer names its ref, itself and what it declares in every message", async () => {
  const { writer, got } = await open();
  await writer.write(bytes(2));
  expect(await writer.status()).toMatchObject({ ref: "r", offset: 2, expected: digest });
  await writer.truncate(0);
  await writer.commit({ expected: digest });
  expect(short(got)).toEqual([
    ["STAT", 0, 0],
    ["WRITE", 0, 2],
    ["STAT", 2, 0],
    ["WRITE", 0, 0],
    ["COMMIT", 0, 0],
  ]);
  for (const { request } of got) expect(request).toMatchObject({ ref: "r", total: 4n, expected: digest });
  const ids = new Set(got.map(({ writerId }) => writerId));
  expect([...ids]).toEqual([expect.stringMatching(/^[\w-]{22}$/)]);
});

test("its messages grow to 4 MiB", async () => {
  const { writer, got } = await open();
  const MiB = 1024 * 1024;
  await writer.write(bytes(12 * MiB));
  expect(short(got).map(([, , length]) => Number(length) / MiB)).toEqual([0, 1, 2, 4, 4, 1]);
});

test("a message without an answer is sent again as it was, so often, and the last failure is told", async () => {
  const { writer, got } = await open(["lost", "lost", "ok", "lost", "ok", "lost", "lost", "lost", "lost"]);
  await writer.write(bytes(2));
  await writer.write(bytes(1));
  await expect(writer.commit()).rejects.toMatchObject({ kind: "unavailable" });
  expect(short(got)).toEqual([
    ["STAT", 0, 0],
    ...Array.from({ length: 3 }, () => ["WRITE", 0, 2]),
    ...Array.from({ length: 2 }, () => ["WRITE", 2, 1]),
    ...Array.from({ length: 4 }, () => ["COMMIT", 3, 0]),
    ["STAT", 0, 0, "close"],
  ]);
});

test("what a server that was killed kept of a message is not sent again", async () => {
  const kept = new ConnectError("write @2 must occur at current offset 5", Code.OutOfRange, undefined, [
    { desc: OffsetMismatchSchema, value: { offset: 5n } },
  ]);
  const { writer, got } = await open(["ok", "lost", kept]);
  await writer.write(bytes(2));
  await writer.write(bytes(4));
  await writer.close();
  expect(short(got).slice(2)).toEqual([
    ["WRITE", 2, 4],
    ["WRITE", 2, 4],
    ["WRITE", 5, 1],
    ["STAT", 0, 0, "close"],
  ]);
  const first = await open(["ok", kept]);
  await first.writer.write(bytes(2));
  await expect(first.writer.write(bytes(4))).rejects.toMatchObject({ kind: "out-of-range", facts: { offset: 5 } });
});

test("what the server refuses is not sent again, and there is nothing to let go of", async () => {
  const { writer, got } = await open([new ConnectError("ingest r was aborted", Code.Aborted)]);
  await expect(writer.write(bytes(1))).rejects.toMatchObject({ kind: "aborted" });
  await writer.close();
  expect(got).toHaveLength(2);
});

test("a ref that another writer holds is told at once", async () => {
  const locked = new ConnectError("ref r locked for 3s (since 2026-11-29)", Code.Unavailable);
  const { writer, got } = await open([locked]);
  await expect(writer.write(bytes(1))).rejects.toMatchObject({ kind: "unavailable" });
  expect(got).toHaveLength(2);
});

test("a close lets go of the ref, also after the signal aborted; a commit has let go of it already", async () => {
  const { writer, got } = await open();
  await writer.close();
  expect(short(got)).toEqual([
    ["STAT", 0, 0],
    ["STAT", 0, 0, "close"],
  ]);
  const committed = await open();
  await committed.writer.commit();
  expect(committed.got).toHaveLength(2);
});

test("refs that are held are known, in their namespace, until they are let go", async () => {
  const held = new Set<HeldRef>();
  const options = { held, namespace: "n", lease: "l" };
  const { writer, got } = await open([], options);
  expect([...held]).toEqual([{ namespace: "n", lease: "l", ref: "r", writerId: got[0]?.writerId }]);
  await writer.close();
  expect(held.size).toBe(0);
  const other = await open([], options);
  await other.writer.commit();
  expect(held.size).toBe(0);
});

test("a close waits five seconds for its answer", async () => {
  const transport = createRouterTransport((router) =>
    router.service(ContentService, {
      write: ({ close, writerId }, { signal }) =>
        close
          ? new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
          : { response: {}, writerId },
    }),
  );
  const writer = await createRemoteStore(transport, { writer: "unary" }).writer({ ref: "r" });
  onTestFinished(() => void vi.useRealTimers());
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  let isClosed = false;
  const closing = writer.close().then(() => (isClosed = true));
  await vi.advanceTimersByTimeAsync(4_999);
  expect(isClosed).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await closing;
});
