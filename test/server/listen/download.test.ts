import { connect as connectHttp2 } from "node:http2";
import { buffer } from "node:stream/consumers";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Digest } from "../../../content/digest.ts";
import { ContentError } from "../../../content/errors.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import type { Store } from "../../../content/store.ts";
import { bindTcp } from "../../../server/listen/bind.ts";
import { createDownload } from "../../../server/listen/download.ts";
import { createEndpoint } from "../../../server/listen/endpoint.ts";
import { urlOf } from "../../../server/listen/request.ts";
import { beginCall } from "../../../server/policy/identify.ts";
import { createLog } from "../../support/log.ts";
import { ask, serve } from "./serve.ts";

const text = "hello there";

/** A server with one blob in the namespace `n`. */
async function serveBlob(content = text) {
  const served = await serve();
  const store = createRemoteStore(createGrpcTransport({ baseUrl: served.url }), { namespace: "n" });
  await using writer = await store.writer({ ref: "r" });
  if (content !== "") await writer.write(new TextEncoder().encode(content));
  const digest = await writer.commit();
  return { ...served, digest, blob: `${served.url}/-/blob?ns=n&d=${digest}` };
}

describe("a blob", () => {
  test("is an attachment of no known type, whatever is in it", async () => {
    const { blob, digest } = await serveBlob("<script>alert(1)</script>");
    const answer = await ask(blob);
    expect([answer.status, answer.text]).toEqual([200, "<script>alert(1)</script>"]);
    expect(answer.headers).toMatchObject({
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${digest.slice("sha256:".length)}"`,
      "content-length": "25",
      "accept-ranges": "bytes",
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "private, no-cache",
      etag: `"${digest}"`,
    });
  });

  test("of no bytes is an empty answer", async () => {
    const { blob } = await serveBlob("");
    const answer = await ask(blob);
    expect([answer.status, answer.headers["content-length"], answer.body.length]).toEqual([200, "0", 0]);
  });

  test("of one byte and one of many chunks come whole, over HTTP/2 as well", async () => {
    for (const size of [1, 3 * 1024 * 1024 + 7]) {
      const { url, digest } = await serveBlob("x".repeat(size));
      const session = connectHttp2(url);
      onTestFinished(() => session.destroy());
      expect((await buffer(session.request({ ":path": `/-/blob?ns=n&d=${digest}` }))).length).toBe(size);
    }
  });

  test("is told of by HEAD without a byte, and a range is not for HEAD", async () => {
    const { blob } = await serveBlob();
    const answer = await ask(blob, { method: "HEAD", headers: { range: "bytes=0-1" } });
    expect([answer.status, answer.headers["content-length"], answer.body.length]).toEqual([200, "11", 0]);
    expect(answer.headers).not.toHaveProperty("content-range");
  });

  test("that the client has already is not sent again", async () => {
    const { blob, digest } = await serveBlob();
    const answer = await ask(blob, { headers: { "if-none-match": `W/"${digest}"` } });
    expect([answer.status, answer.body.length, answer.headers.etag]).toEqual([304, 0, `"${digest}"`]);
    expect((await ask(blob, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
  });
});

describe("a part", () => {
  test("is what the range asks for", async () => {
    const { blob } = await serveBlob();
    const answer = await ask(blob, { headers: { range: "bytes=6-" } });
    expect([answer.status, answer.text]).toEqual([206, "there"]);
    expect(answer.headers).toMatchObject({ "content-range": "bytes 6-10/11", "content-length": "5" });
    expect((await ask(blob, { headers: { range: "bytes=-1" } })).text).toBe("e");
  });

  test("that is not there is refused with the size", async () => {
    const { blob } = await serveBlob();
    const answer = await ask(blob, { headers: { range: "bytes=11-" } });
    expect([answer.status, answer.headers["content-range"]]).toEqual([416, "bytes */11"]);
  });

  test("comes only of the blob that the client began with", async () => {
    const { blob, digest } = await serveBlob();
    const range = "bytes=6-";
    expect((await ask(blob, { headers: { range, "if-range": `"${digest}"` } })).status).toBe(206);
    for (const other of ['"other"', `W/"${digest}"`, new Date().toUTCString()]) {
      expect((await ask(blob, { headers: { range, "if-range": other } })).text).toBe(text);
    }
  });
});

describe("what is refused", () => {
  test.for<[string, string, number, string]>([
    ["a digest that is none", "ns=n&d=sha256:../../etc/passwd", 400, '"sha256:../../etc/passwd" failed validation'],
    ["no digest", "ns=n", 400, '"" failed validation'],
    ["no namespace", `d=sha256:${"0".repeat(64)}`, 400, "namespace is required"],
    ["a namespace that is none", `ns=..&d=sha256:${"0".repeat(64)}`, 400, ".."],
    ["a blob that is not there", `ns=n&d=sha256:${"0".repeat(64)}`, 404, "not found"],
    ["another store", `store=%3Cb%3E&ns=n&d=sha256:${"0".repeat(64)}`, 404, 'store "<b>": not found'],
  ])("%s", async ([, query, status, words]) => {
    const { url } = await serve();
    const answer = await ask(`${url}/-/blob?${query}`);
    expect([answer.status, answer.headers["content-type"]]).toEqual([status, "text/plain; charset=utf-8"]);
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    expect(answer.text).toContain(words);
    expect(answer.text.trimEnd()).not.toContain("\n");
  });

  test("a blob of another namespace, which is nobody's fault but theirs who ask", async () => {
    const { url, digest, text } = await serveBlob();
    expect((await ask(`${url}/-/blob?ns=other&d=${digest}`)).status).toBe(404);
    const levels = [...text().matchAll(/"level":(\d+).*"kind":"not-found"/g)].map(([, level]) => Number(level));
    expect(levels).toEqual([20]);
  });
});

/** Serves downloads from a store whose one blob reads like that. */
async function serveReading(size: number, read: () => AsyncIterable<Uint8Array>) {
  const { logger, lines, text: logged } = createLog();
  let closed = 0;
  const reader = { size, read, close: async () => undefined, [Symbol.asyncDispose]: async () => void (closed += 1) };
  const store = { readerAt: async () => reader } satisfies Pick<Store, "readerAt">;
  const download = createDownload({ in: () => store as unknown as Store }, logger);
  const endpoint = createEndpoint((request, response) => {
    const url = urlOf(request);
    if (url !== undefined) void download(url, request, response, beginCall(null, "test"));
  });
  const base = await bindTcp(endpoint.server, { host: "127.0.0.1", port: 0 });
  onTestFinished(async () => {
    const drained = endpoint.drain();
    endpoint.destroy();
    await drained;
  });
  const digest = `sha256:${"a".repeat(64)}` as Digest;
  return { blob: `${base}/-/blob?ns=n&d=${digest}`, base, digest, lines, logged, closed: () => closed };
}

describe("bytes that are wrong", () => {
  test("are cut before the last one, so that nobody takes them for whole", async () => {
    const { blob, base, digest, lines, closed } = await serveReading(6, async function* () {
      yield Buffer.from("abc");
      yield Buffer.from("def");
      throw new ContentError("data-loss", "bytes do not match");
    });
    await expect(ask(blob)).rejects.toThrow();
    const session = connectHttp2(base);
    onTestFinished(() => session.destroy());
    const stream = session.request({ ":path": `/-/blob?ns=n&d=${digest}` });
    await expect(buffer(stream)).rejects.toThrow();
    expect(lines).toMatchObject([
      { kind: "data-loss", digest },
      { kind: "data-loss", digest },
    ]);
    expect(closed()).toBe(2);
  });

  test("that are too few are cut as well", async () => {
    const { blob } = await serveReading(6, async function* () {
      yield Buffer.from("abc");
    });
    await expect(ask(blob)).rejects.toThrow();
  });

  test("that are known before the first is sent are an error in words", async () => {
    // biome-ignore lint/correctness/useYield: it fails before it has anything to give
    const { blob } = await serveReading(6, async function* () {
      throw new ContentError("data-loss", "content is damaged");
    });
    const answer = await ask(blob);
    expect([answer.status, answer.text]).toEqual([500, "content is damaged\n"]);
  });

  test("for a reason that is the server's own are an id, and the reason is in the log", async () => {
    // biome-ignore lint/correctness/useYield: it fails before it has anything to give
    const { blob, logged } = await serveReading(6, async function* () {
      throw new Error("EIO: /srv/data/blobs");
    });
    const answer = await ask(blob);
    expect(answer.status).toBe(500);
    expect(answer.text).toMatch(/^internal error \(\S+\)\n$/);
    expect(answer.text).not.toContain("/srv");
    expect(logged()).toContain("EIO: /srv/data/blobs");
  });
});
