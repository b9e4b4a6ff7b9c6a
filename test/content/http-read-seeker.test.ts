import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { httpReadSeeker } from "../../content/http-read-seeker.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import { writeBlob } from "../../content/write-blob.ts";
import { createMemoryStore } from "../../server/stores/memory/store.ts";
import { bytes, collect, digestOf, failure, leave, MiB, noise, put } from "../suite/support.ts";
import { grpcTransport } from "../support/grpc.ts";
import { createRandom, randomPlaces } from "../support/random.ts";
import { openTestServer } from "../support/stowage.ts";

const quick = { minDelayMs: 1, maxDelayMs: 2 };
const seed = Date.now() % 1_000_000;

/** A server that answers as told. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/object?key=secret`;
}

/** Answers a range of the data as it should be. */
function sendRange(data: Uint8Array, { headers }: IncomingMessage, response: ServerResponse): Uint8Array {
  const [, from = "0", to = ""] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "") ?? [];
  const start = Number(from);
  const end = to === "" ? data.length : Math.min(data.length, Number(to) + 1);
  const range = start < data.length ? `${start}-${end - 1}` : "*";
  response.writeHead(start < data.length ? 206 : 416, {
    "content-range": `bytes ${range}/${data.length}`,
    etag: '"1"',
  });
  return data.subarray(start, end);
}

describe("over a real server", () => {
  test(`a download that is cut at 50 places is right, and asks for no byte that it has (seed ${seed})`, async () => {
    const data = noise(4 * MiB);
    const places = randomPlaces(createRandom(seed), 50, data.length);
    let sent = 0;
    let cuts = 0;
    const url = await serve((request, response) => {
      const part = sendRange(data, request, response);
      const place = places[cuts] ?? Number.POSITIVE_INFINITY;
      if (sent + part.length <= place) {
        sent += part.length;
        response.end(part);
        return;
      }
      cuts += 1;
      const piece = part.subarray(0, Math.max(0, place - sent));
      sent += piece.length;
      response.write(piece, () => response.destroy());
    });
    let got = 0;
    const asked: [from: number, had: number][] = [];
    const object = httpReadSeeker(url, {
      ...quick,
      retries: 10,
      fetch(target, init) {
        asked.push([Number(/\d+/.exec(new Headers(init.headers).get("range") ?? "")?.[0]), got]);
        return fetch(target, init);
      },
    });
    const chunks: Buffer[] = [];
    for await (const chunk of object.open(0)) {
      got += chunk.length;
      chunks.push(Buffer.from(chunk));
    }
    expect(Buffer.concat(chunks).equals(data)).toBe(true);
    expect(asked.length).toBe(cuts + 1);
    expect(asked.every(([from, had]) => from === had)).toBe(true);
    expect(object.size).toBe(data.length);
  });

  test("whoever leaves early, or aborts, closes the answer", async () => {
    const closed: Promise<unknown>[] = [];
    const url = await serve((request, response) => {
      closed.push(once(response, "close"));
      response.write(sendRange(noise(MiB), request, response).subarray(0, 1000));
    });
    for await (const chunk of httpReadSeeker(url).read(0)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await closed[0];
    const stop = new AbortController();
    const chunks = httpReadSeeker(url).open(0, stop.signal)[Symbol.asyncIterator]();
    await chunks.next();
    const next = chunks.next();
    stop.abort("enough");
    await expect(next).rejects.toMatchObject({ kind: "cancelled", cause: "enough" });
    await closed[1];
    expect(closed.length).toBe(2);
  });

  test("a blob that another server has is read, whole and in parts, and goes into a store", async () => {
    const { url, socket } = await openTestServer();
    const data = noise(100_000);
    const digest = await put(createRemoteStore(grpcTransport(socket), { namespace: "n" }), data);
    const object = httpReadSeeker(`${url}/-/blob?ns=n&d=${digest}`);
    expect((await collect(object.read(10, 20))).equals(data.subarray(10, 30))).toBe(true);
    expect(object.size).toBe(data.length);
    const store = createMemoryStore();
    await leave(store, "r", data.subarray(0, 40_000));
    expect(await writeBlob(store, "r", object, { digest })).toBe(digest);
    expect((await collect(object.read(99_999))).equals(data.subarray(99_999))).toBe(true);
    expect(await collect(object.read(100_000))).toEqual(Buffer.alloc(0));
    await expect(collect(object.open(100_001))).rejects.toEqual(failure("out-of-range"));
    const fresh = httpReadSeeker(`${url}/-/blob?ns=n&d=${digest}`);
    await expect(collect(fresh.open(100_001))).rejects.toEqual(failure("out-of-range"));
    await expect(collect(httpReadSeeker(`${url}/-/blob?ns=n&d=${digestOf(bytes("x"))}`).open(0))).rejects.toEqual(
      failure("not-found"),
    );
  });

  test("a server that is not there, or cuts at once, is given up after the third error", async () => {
    let asked = 0;
    const url = await serve((request, response) => {
      asked += 1;
      if (asked === 1)
        response.write(sendRange(noise(100), request, response).subarray(0, 50), () => response.destroy());
      else request.socket.destroy();
    });
    const read = collect(httpReadSeeker(url, quick).open(0));
    await expect(read).rejects.toEqual(failure("unavailable", /^http:\/\/127.0.0.1:\d+\/object: /));
    expect(asked).toBe(3);
  });
});

/** How a server answers one request: status, headers, and the chunks of its body; an error breaks it. */
type Answer = readonly [status: number, headers: Record<string, string>, ...chunks: readonly (string | Error)[]];

/** What a server has that answers with just that, and the headers it was asked with. */
function answering(answers: readonly Answer[], size?: number) {
  const asked: Headers[] = [];
  const object = httpReadSeeker("/object?key=secret", {
    ...quick,
    size,
    headers: { authorization: "Bearer x" },
    async fetch(_, init) {
      const [status, headers, ...chunks] = answers[asked.push(new Headers(init.headers)) - 1] ?? [500, {}];
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          const [chunk, ...rest] = chunks;
          chunks.splice(0, chunks.length, ...rest);
          if (chunk instanceof Error) controller.error(chunk);
          else if (chunk === undefined) controller.close();
          else controller.enqueue(bytes(chunk));
        },
      });
      return new Response(body, { status, headers });
    },
  });
  const text = async (offset = 0, length?: number) => (await collect(object.read(offset, length))).toString();
  return { object, asked, text };
}

const cut = new TypeError("terminated");

describe("an answer", () => {
  test("to a part is asked for as one, and cut off behind it", async () => {
    const { text, asked } = answering([
      [206, { "content-range": "bytes 2-4/10" }, "234"],
      [200, {}, "01234", "56789"],
    ]);
    expect(await text(2, 3)).toBe("234");
    expect(await text(3, 4)).toBe("3456");
    expect(asked.map((headers) => headers.get("range"))).toEqual(["bytes=2-4", "bytes=3-6"]);
    expect(asked[0]?.get("authorization")).toBe("Bearer x");
    expect(asked[0]?.get("accept-encoding")).toBe("identity");
  });

  test("with the whole object is skipped forward, every time", async () => {
    const { text, asked } = answering([
      [200, { "content-length": "10" }, "01", "23456", cut],
      [200, { "content-length": "10" }, "0123456789"],
    ]);
    expect(await text(3)).toBe("3456789");
    expect(asked.map((headers) => headers.get("range"))).toEqual(["bytes=3-", "bytes=7-"]);
  });

  test("that is short is gone on with, by parts where the server gives no more", async () => {
    const { text, object } = answering([
      [206, { "content-range": "bytes 0-9/*" }, "0123"],
      [206, { "content-range": "bytes 4-6/*" }, "456"],
      [206, { "content-range": "bytes 7-9/*" }, "789"],
      [416, {}, "no such range"],
    ]);
    expect(await text()).toBe("0123456789");
    expect(object.size).toBe(10);
  });

  test("without a size ends the object where it ends", async () => {
    const { text, object } = answering([[200, {}, "01234"]]);
    expect([object.size, await text(), object.size]).toEqual([undefined, "01234", 5]);
  });

  test("of an empty object is empty", async () => {
    expect(await answering([[416, { "content-range": "bytes */0" }]]).text()).toBe("");
    expect(await answering([[200, { "content-length": "0" }]]).text()).toBe("");
  });
});

const whole = { "content-range": "bytes 0-9/10" };

test.each([
  ["sends more than it announced", "data-loss", "announced", [[206, { "content-range": "bytes 0-4/10" }, "0123456"]]],
  [
    "sends less again and again",
    "unavailable",
    "cut at offset 4 of 10",
    [
      [206, whole, "0123"],
      [206, { "content-range": "bytes 4-9/10" }],
      [206, { "content-range": "bytes 4-9/10" }],
    ],
  ],
  ["answers with another range", "data-loss", "bytes 5-9/10", [[206, { "content-range": "bytes 5-9/10" }, "56789"]]],
  ["answers with no range", "data-loss", "no Content-Range", [[206, {}, "0123456789"]]],
  ["answers with a range beyond its size", "data-loss", "0-9/5", [[206, { "content-range": "bytes 0-9/5" }, "01234"]]],
  ["has another size", "data-loss", "has 10 bytes, want 9", [[206, whole, "0123456789"]], 9],
  ["has another size, and says so at the end", "data-loss", "has 4 bytes, want 9", [[200, {}, "0123"]], 9],
  ["has nothing there although it has", "data-loss", "sends none", [[416, { "content-range": "bytes */10" }]]],
  ["packs what it sends", "failed-precondition", "gzip", [[206, { ...whole, "content-encoding": "gzip" }, "x"]]],
  ["asks who it is", "unauthenticated", "401", [[401, {}, "who?"]]],
  ["forbids it", "permission-denied", "403", [[403, {}]]],
  ["has it no more", "not-found", "410", [[410, {}]]],
  ["does not take the request", "failed-precondition", "400", [[400, {}]]],
  [
    "is overloaded",
    "unavailable",
    "503",
    [
      [503, {}],
      [429, {}],
      [503, {}],
    ],
  ],
] as const)("a server that %s is %s", async (_, kind, text, answers, size?: number) => {
  const server = answering(answers, size);
  const read = server.text();
  await expect(read).rejects.toMatchObject({ kind, message: expect.stringContaining(text) });
  await expect(read).rejects.not.toMatchObject({ message: expect.stringContaining("secret") });
  expect(server.asked.length).toBe(kind === "unavailable" ? 3 : 1);
});

describe("an object that changed between two answers is data loss", () => {
  const at = (range: string, headers: Record<string, string>) => ({ "content-range": `bytes ${range}`, ...headers });
  const day = (second: number) => `Sun, 29 Nov 2026 09:00:0${second} GMT`;

  test.each<readonly [string, string | null, Answer, Answer]>([
    [
      "by its ETag",
      '"a"',
      [206, at("0-9/10", { etag: '"a"' }), "01", cut],
      [200, { etag: '"b"', "content-length": "10" }, "abcdefghij"],
    ],
    [
      "by a weak ETag, which nobody is asked with",
      null,
      [206, at("0-9/10", { etag: 'W/"a"' }), "01", cut],
      [206, at("2-9/10", { etag: 'W/"b"' }), "cdefghij"],
    ],
    [
      "by its date",
      day(1),
      [206, at("0-9/10", { "last-modified": day(1), date: day(2) }), "01", cut],
      [200, { "last-modified": day(3) }, "abcdefghij"],
    ],
    ["by its size", null, [206, at("0-9/10", {}), "01", cut], [206, at("2-8/9", {}), "cdefghi"]],
    ["by an answer to If-Range with all of it", '"a"', [206, at("0-9/10", { etag: '"a"' }), "01", cut], [200, {}, "a"]],
  ])("%s", async (_, ifRange, first, second) => {
    const { text, asked } = answering([first, second]);
    await expect(text()).rejects.toEqual(failure("data-loss"));
    expect(asked.map((headers) => headers.get("if-range"))).toEqual([null, ifRange]);
  });

  test("and one that did not goes on", async () => {
    const { text, asked } = answering([
      [206, at("0-9/10", { etag: '"a"' }), "01", cut],
      [200, { etag: '"a"' }, "0123", cut],
      [206, at("4-9/10", { etag: '"a"' }), "456789"],
      [206, at("0-0/10", { etag: '"b"' }), "0"],
    ]);
    expect(await text()).toBe("0123456789");
    await expect(text(0, 1)).rejects.toEqual(
      failure("data-loss", /^\/object has changed: its ETag was "a" and is "b"$/),
    );
    expect(asked.map((headers) => headers.get("if-range"))).toEqual([null, '"a"', '"a"', '"a"']);
  });

  test("a date within the second of its answer proves nothing, and is not asked with", async () => {
    const headers = { "last-modified": day(1), date: day(1) };
    const { text, asked } = answering([
      [206, at("0-9/10", headers), "01", cut],
      [206, at("2-9/10", headers), "23456789"],
    ]);
    expect(await text()).toBe("0123456789");
    expect(asked[1]?.get("if-range")).toBeNull();
  });
});

test("bytes between errors give all tries back", async () => {
  const { text } = answering([
    [503, {}],
    [503, {}],
    [206, whole, "01", cut],
    [503, {}],
    [206, { "content-range": "bytes 2-9/10" }, "2", cut],
    [503, {}],
    [206, { "content-range": "bytes 3-9/10" }, "3456789"],
  ]);
  expect(await text()).toBe("0123456789");
});

test("a URL with a password in it is refused, without the password", () => {
  expect(() => httpReadSeeker("https://me:secret@example.org/x")).toThrow(
    /^(?!.*secret).*credentials go into headers$/,
  );
});
