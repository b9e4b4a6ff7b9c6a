import { once } from "node:events";
import { connect, constants } from "node:http2";
import type { Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { limits } from "../../../server/listen/limits.ts";
import { ask, connectRaw, serve } from "./serve.ts";

const path = "/containerd.services.content.v1.Content/List";
const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

const frameType = { headers: 1, resetStream: 3, settings: 4 } as const;
const endHeaders = 4;

/** A frame of HTTP/2 (RFC 9113, 4.1). */
function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A field as a literal that is not indexed (RFC 7541, 6.2.2), both parts below 127 bytes. */
function field(name: string, value: string): Buffer {
  return Buffer.from([0, name.length, ...Buffer.from(name), value.length, ...Buffer.from(value)]);
}

const callFields = Buffer.concat([
  field(":method", "POST"),
  field(":scheme", "http"),
  field(":authority", "localhost"),
  field(":path", path),
  field("content-type", "application/grpc"),
  field("te", "trailers"),
  field("containerd-namespace", "n"),
]);

/** Begins a call and takes it back at once. */
function sendReset(socket: Socket, stream: number): void {
  const code = Buffer.alloc(4);
  code.writeUInt32BE(constants.NGHTTP2_CANCEL);
  socket.write(frame(frameType.headers, endHeaders, stream, callFields));
  socket.write(frame(frameType.resetStream, 0, stream, code));
}

test("calls that are given up after their answer do not end a connection, however many and fast", async () => {
  const { url } = await serve();
  const session = connect(url);
  onTestFinished(() => session.destroy());
  const headers = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" };
  const begin = () => {
    const stream = session.request({ ...headers, "containerd-namespace": "n" });
    stream.on("error", () => undefined).end(Buffer.alloc(5));
    return stream;
  };
  for (let sent = 0; sent < limits.unansweredResets * 1.2; sent += 200) {
    await Promise.all(
      Array.from({ length: 200 }, async () => {
        const stream = begin();
        await once(stream, "response");
        stream.close(constants.NGHTTP2_CANCEL);
        await once(stream, "close");
      }),
    );
  }
  const [answer] = (await once(begin().resume(), "response")) as [Record<string, unknown>];
  expect([answer[":status"], session.closed]).toEqual([200, false]);
});

test("calls that are given up before any answer end the connection, and only that one", async () => {
  const { url, port } = await serve();
  const { socket, closed } = await connectRaw(port);
  socket.write(Buffer.concat([preface, frame(frameType.settings, 0, 0, new Uint8Array(0))]));
  await once(socket, "data");
  let ended = false;
  void closed.then(() => {
    ended = true;
  });
  let sent = 0;
  for (; sent < limits.unansweredResets * 5 && !ended; sent += 1) {
    sendReset(socket, sent * 2 + 1);
    if (sent % 100 === 0) await new Promise(setImmediate);
  }
  await closed;
  expect(sent).toBeGreaterThan(limits.unansweredResets / 2);
  expect((await ask(`${url}/healthz`)).status).toBe(200);
});
