import { once } from "node:events";
import { afterEach, describe, expect, test, vi } from "vitest";
import { limits } from "../../../server/listen/limits.ts";
import { connectRaw, serve } from "./serve.ts";

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/** An empty SETTINGS frame, which a server sends first too. */
const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

const settingsType = 4;
const typeAt = 3;

const get = "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n";

afterEach(() => {
  vi.useRealTimers();
});

async function open() {
  const { port } = await serve();
  return connectRaw(port);
}

describe("HTTP/2", () => {
  test("is known by its preface in one piece, with what comes behind it", async () => {
    const { socket, received } = await open();
    socket.write(Buffer.concat([Buffer.from(preface), settings]));
    await once(socket, "data");
    expect(received()[typeAt]).toBe(settingsType);
  });

  test("is known by its preface in single bytes", async () => {
    const { socket, received } = await open();
    for (const byte of preface) {
      socket.write(byte);
      await new Promise(setImmediate);
    }
    socket.write(settings);
    await once(socket, "data");
    expect(received()[typeAt]).toBe(settingsType);
  });
});

describe("HTTP/1.1", () => {
  test("is known by its first bytes, and what began like a preface and is none is still answered", async () => {
    for (const text of [get, get.replace("GET", "POST").replace("\r\n\r\n", "\r\ncontent-length: 0\r\n\r\n")]) {
      const { socket, received } = await open();
      socket.write(text.slice(0, 1));
      await new Promise(setImmediate);
      socket.write(text.slice(1));
      await once(socket, "data");
      expect(received().toString()).toMatch(/^HTTP\/1\.1 (200|405) /);
    }
  });

  test("answers requests that were sent without waiting, in order", async () => {
    const { socket, received } = await open();
    socket.write(get + get.replace("/healthz", "/readyz") + get.replace("/healthz", "/nothing"));
    await expect
      .poll(() =>
        received()
          .toString()
          .match(/HTTP\/1\.1 \d+/g),
      )
      .toHaveLength(3);
    expect(
      received()
        .toString()
        .match(/HTTP\/1\.1 \d+/g),
    ).toEqual(["HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 404"]);
  });

  test("without a Host, or with headers above the limit, is refused", async () => {
    const bare = await open();
    bare.socket.write("GET /healthz HTTP/1.1\r\n\r\n");
    await bare.closed;
    expect(bare.received().toString()).toMatch(/^HTTP\/1\.1 400 /);
    const large = await open();
    large.socket.write(`GET /healthz HTTP/1.1\r\nhost: localhost\r\nx: ${"y".repeat(limits.headerBytes)}\r\n\r\n`);
    await large.closed;
    expect(large.received().toString()).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe("what is neither", () => {
  test.for(["PRI", "PRI * HTTP/1.1\r\n\r\n", "PRIVATE /x HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nXX"])(
    "%j is cut without an answer",
    async (junk) => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      const { socket, closed, received } = await open();
      socket.write(junk);
      await expect.poll(() => socket.bytesWritten).toBe(junk.length);
      // Three letters may still become a preface: the time is up for those.
      if (junk === "PRI") await expect.poll(() => vi.getTimerCount()).toBeGreaterThan(0);
      vi.advanceTimersByTime(limits.sniffMs);
      await closed;
      expect(received()).toHaveLength(0);
    },
  );

  test.for(["", "P", preface.slice(0, -1)])("a connection that says %j and no more is cut after 10 s", async (said) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { socket, closed } = await open();
    socket.write(said);
    await expect.poll(() => vi.getTimerCount()).toBeGreaterThan(0);
    vi.advanceTimersByTime(limits.sniffMs - 1);
    expect(socket.closed).toBe(false);
    vi.advanceTimersByTime(1);
    await closed;
  });

  test("a connection that ends before it said anything, or is reset, leaves the server well", async () => {
    const { port } = await serve();
    for (const end of ["end", "resetAndDestroy"] as const) {
      const { socket, closed } = await connectRaw(port);
      socket.write("P");
      socket[end]();
      await closed;
    }
    const { socket, received } = await connectRaw(port);
    socket.write(get);
    await once(socket, "data");
    expect(received().toString()).toMatch(/^HTTP\/1\.1 200 /);
  });
});
