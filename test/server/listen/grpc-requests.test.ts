import { once } from "node:events";
import type { ServerHttp2Stream } from "node:http2";
import { connect, constants, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { BytesValue } from "@bufbuild/protobuf/wkt";
import { BytesValueSchema } from "@bufbuild/protobuf/wkt";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { RequestMessages } from "../../../server/listen/grpc/requests.ts";
import { limits } from "../../../server/listen/limits.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** An encoded message of a value of so many bytes, below 128, and what stands before it. */
function message(length: number): Buffer {
  const bytes = Buffer.alloc(7 + length);
  bytes.writeUInt32BE(2 + length, 1);
  bytes.set([0x0a, length], 5);
  return bytes;
}

/** A request whose client sends piece by piece, and its reader. */
async function openRequest(single = false) {
  const server = createServer();
  const opened = Promise.withResolvers<ServerHttp2Stream>();
  server.on("stream", (stream: ServerHttp2Stream) => {
    stream.on("error", () => undefined);
    opened.resolve(stream);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => {
    session.destroy();
    server.close();
  });
  const client = session.request({ ":method": "POST" });
  client.on("error", () => undefined);
  const stream = await opened.promise;
  const requests = new RequestMessages(stream, (bytes) => fromBinary(BytesValueSchema, bytes), single);
  return {
    client,
    stream,
    requests,
    /** Send so much, and wait until it has arrived. */
    async send(piece: Uint8Array) {
      const arrived = once(stream, "data");
      client.write(piece);
      await arrived;
    },
  };
}

describe("a request whose client stops in the middle of a message", () => {
  test.for<[string, number]>([
    ["in its prefix", 3],
    ["after its prefix", 5],
    ["in its data", 9],
  ])("is cut after 30 s %s", async ([, sent]) => {
    const { client, requests, send } = await openRequest();
    const closed = new Promise((resolve) => client.once("close", resolve));
    void requests.next().catch(() => undefined);
    await send(message(10).subarray(0, sent));
    vi.advanceTimersByTime(limits.halfSentMs - 1);
    expect(client.closed).toBe(false);
    vi.advanceTimersByTime(1);
    await closed;
    expect(client.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
  });

  test("gets 30 s anew with every piece", async () => {
    const { requests, send, stream } = await openRequest();
    const next = requests.next();
    for (const byte of message(3)) {
      vi.advanceTimersByTime(limits.halfSentMs - 1);
      await send(Uint8Array.of(byte));
    }
    expect(await next).toMatchObject({ value: Buffer.alloc(3) });
    expect(stream.closed).toBe(false);
  });

  test("may be silent between two messages, and while nobody waits for the next, for as long as it likes", async () => {
    const { requests, send, stream } = await openRequest();
    const first = requests.next();
    await send(Buffer.concat([message(3), message(10).subarray(0, 7)]));
    expect(await first).toBeDefined();
    vi.advanceTimersByTime(100 * limits.halfSentMs);
    expect(stream.closed).toBe(false);
    const second = requests.next();
    await send(message(10).subarray(7));
    expect(await second).toBeDefined();
    void requests.next().catch(() => undefined);
    vi.advanceTimersByTime(100 * limits.halfSentMs);
    expect(stream.closed).toBe(false);
  });
});

test("nothing more is taken from a client while its message is not asked for", async () => {
  const { client, requests, send, stream } = await openRequest();
  await send(message(3));
  let sent = 0;
  for (let full = false; !full && sent < 1000; sent += 1) {
    full = !client.write(Buffer.concat(Array.from({ length: 1000 }, () => message(100))));
    if (full) full = await Promise.race([once(client, "drain").then(() => false), settled()]);
  }
  expect(sent).toBeLessThan(1000);
  expect(stream.readableFlowing).toBe(false);
  expect(await requests.next()).toMatchObject({ value: Buffer.alloc(3) });
});

/** A large message, every byte of whose value is that one. */
function largeMessage(byte: number, length: number): Buffer {
  const encoded = toBinary(BytesValueSchema, create(BytesValueSchema, { value: Buffer.alloc(length, byte) }));
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(encoded.length, 1);
  return Buffer.concat([prefix, encoded]);
}

test("the bytes of large messages stay as they came until the next is asked for, also while other calls come and go", async () => {
  const lengths = [1024 * 1024, 100_000, 1024 * 1024, 1_100_000, 70_000];
  const calls = await Promise.all(Array.from({ length: 3 }, () => openRequest()));
  for (const [call, { client }] of calls.entries()) {
    for (const [at, length] of lengths.entries()) client.write(largeMessage(call * 16 + at, length));
  }
  for (const [at, length] of lengths.entries()) {
    const messages = await Promise.all(calls.map(({ requests }) => requests.next()));
    for (const [call, message] of messages.entries()) {
      const wanted = Buffer.alloc(length, call * 16 + at);
      expect(wanted.equals((message as BytesValue).value)).toBe(true);
    }
    if (at === 2) calls.pop()?.requests.close();
  }
});

test("the bytes of a single message stay as they came after its end, whatever comes in other calls", async () => {
  const [single, other] = [await openRequest(true), await openRequest()];
  single.client.end(largeMessage(1, 1024 * 1024));
  const message = (await single.requests.only("unary")) as BytesValue;
  for (const byte of [2, 3]) {
    other.client.write(largeMessage(byte, 1024 * 1024));
    await other.requests.next();
  }
  expect(Buffer.alloc(1024 * 1024, 1).equals(message.value)).toBe(true);
});

/** True, once the event loop went round so often that what is under way has arrived. */
async function settled(): Promise<true> {
  for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);
  return true;
}
