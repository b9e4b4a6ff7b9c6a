import { once } from "node:events";
import type { ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import { connect, constants } from "node:http2";
import { fromBinary, toJson } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { describe, expect, onTestFinished, test } from "vitest";
import { Content, WriteAction } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { sha256 } from "../services/calls.ts";
import type { Call } from "./grpc-calls.ts";
import {
  changes,
  commit,
  info,
  large,
  prefixBytes,
  read,
  readLarge,
  reads,
  requests,
  stat,
  stored,
  text,
  write,
} from "./grpc-calls.ts";
import type { Served } from "./serve.ts";
import { serve } from "./serve.ts";

/**
 * Calls of plain gRPC are answered on HTTP/2's streams, and all others by Connect. A path with a query is answered by Connect, which
 * looks at no query: so that one call can be made both ways.
 */
const ways = { direct: "", connect: "?" } as const;

type Way = keyof typeof ways;

/** How it was answered. */
interface Outcome {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
  readonly trailers: Readonly<Record<string, unknown>>;
}

function openSession({ url }: Served) {
  const session = connect(url);
  session.on("error", () => undefined);
  onTestFinished(() => session.destroy());
  return session;
}

function begin(session: ReturnType<typeof openSession>, way: Way, { method, headers }: Omit<Call, "body">) {
  return session.request({
    ":method": "POST",
    ":path": `/${Content.typeName}/${method}${ways[way]}`,
    "content-type": "application/grpc",
    te: "trailers",
    "containerd-namespace": "n",
    "user-agent": "test/1",
    ...headers,
  });
}

/** @param onTrailers called when the server said how the call ended */
async function outcomeOf(stream: ClientHttp2Stream, onTrailers?: () => void): Promise<Outcome> {
  const chunks: Buffer[] = [];
  const got: { headers?: IncomingHttpHeaders; trailers?: IncomingHttpHeaders } = {};
  stream.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", () => undefined);
  stream.on("response", (headers) => {
    got.headers = headers;
  });
  stream.on("trailers", (trailers) => {
    got.trailers = trailers;
    onTrailers?.();
  });
  await new Promise((resolve) => stream.once("close", resolve));
  const { date: _, ...headers } = got.headers ?? {};
  return { headers, body: Buffer.concat(chunks), trailers: { ...got.trailers } };
}

async function make(session: ReturnType<typeof openSession>, way: Way, call: Call): Promise<Outcome> {
  const stream = begin(session, way, call);
  const outcome = outcomeOf(stream);
  for (const piece of call.body) stream.write(piece);
  stream.end();
  return await outcome;
}

/** What is stored before every call. */
async function prepare(session: ReturnType<typeof openSession>): Promise<void> {
  for (const content of ["stored", "other", text(large)]) {
    await make(session, "connect", { method: "Write", body: [commit(content, `put-${sha256(content)}`)] });
  }
}

/** Answers without what two servers cannot have in common: times, and how many rows share an answer of List. */
function comparable({ headers, body, trailers }: Outcome, method: string) {
  const schema = Content.methods.find(({ name }) => name === method)?.output;
  const messages: unknown[] = [];
  for (let at = 0; at < body.length && schema !== undefined; ) {
    const end = at + prefixBytes + body.readUInt32BE(at + 1);
    const answer = JSON.stringify(toJson(schema, fromBinary(schema, body.subarray(at + prefixBytes, end))));
    const parsed = JSON.parse(answer.replaceAll(/\d{4}-\d\d-[\dT:.]+Z/g, "TIME")) as { readonly info?: unknown };
    messages.push(body[at], ...(method === "List" ? [parsed.info].flat() : [parsed]));
    at = end;
  }
  return { headers, messages: method === "List" ? messages.filter((one) => one !== 0) : messages, trailers };
}

describe("plain gRPC is answered as Connect answers it", () => {
  test.for(Object.entries({ requests, reads, changes }))("%s", async ([, cases]) => {
    const outcomes = async (way: Way) => {
      const session = openSession(await serve());
      await prepare(session);
      const all: Record<string, ReturnType<typeof comparable>[]> = {};
      for (const [name, [, ...calls]] of Object.entries(cases)) {
        const made: ReturnType<typeof comparable>[] = [];
        for (const call of calls) made.push(comparable(await make(session, way, call), call.method));
        all[name] = made;
      }
      return all;
    };
    const [direct, byConnect] = [await outcomes("direct"), await outcomes("connect")];
    expect(direct).toEqual(byConnect);
    const statusOf = (name: string) =>
      ({ ...direct[name]?.[0]?.headers, ...direct[name]?.[0]?.trailers })["grpc-status"];
    const statuses = Object.keys(cases).map((name) => [name, statusOf(name)]);
    expect(statuses).toEqual(Object.entries(cases).map(([name, [status]]) => [name, String(status)]));
  });
});

/** Bytes under way to a client that reads none of them. */
const idle = { settings: { initialWindowSize: 0 } };

describe.each(Object.keys(ways) as Way[])("a call that is made %s", (way) => {
  test("is over when its client gives it up in the middle of a read, and its log line says so", async () => {
    const served = await serve();
    await prepare(openSession(served));
    const session = connect(served.url, idle);
    onTestFinished(() => session.destroy());
    const stream = begin(session, way, { method: "Read" });
    stream.on("error", () => undefined).end(read({ digest: sha256(text(large)) }));
    await once(stream, "response");
    stream.close(constants.NGHTTP2_CANCEL);
    await expect.poll(() => served.text()).toMatch(/Content\/Read".*"code":"Canceled"/);
    session.destroy();
    await served.server.close(10_000);
    expect(served.text()).not.toContain("did not end");
  });

  test("is over when its connection is lost in the middle of a write, which can be gone on with", async () => {
    const served = await serve();
    const session = openSession(served);
    const stream = begin(session, way, { method: "Write" });
    stream.on("error", () => undefined);
    const abc = write({ action: WriteAction.WRITE, ref: "r", data: Buffer.from("abc") });
    stream.write(Buffer.concat([abc, stat("r").subarray(0, 8)]));
    await once(stream, "data");
    session.destroy();
    const again = openSession(served);
    const body = [write({ action: WriteAction.COMMIT, ref: "r", offset: 3n, data: Buffer.from("def") })];
    const { trailers } = await make(again, way, { method: "Write", body });
    expect(trailers).toMatchObject({ "grpc-status": "0" });
    expect(await make(again, way, { method: "Info", body: [info(sha256("abcdef"))] })).toMatchObject({
      trailers: { "grpc-status": "0" },
    });
  });

  test("is over when its deadline is reached between two messages, and its ref is free", async () => {
    const session = openSession(await serve());
    const stream = begin(session, way, { method: "Write", headers: { "grpc-timeout": "200m" } });
    stream.write(stat("r"));
    const { trailers } = await outcomeOf(stream, () => stream.end());
    expect(trailers).toMatchObject({ "grpc-status": String(Code.DeadlineExceeded) });
    const body = [commit("abcdef", "r")];
    expect(await make(session, way, { method: "Write", body })).toMatchObject({ trailers: { "grpc-status": "0" } });
  });

  test("tells whoever finds a ref locked since when and by whom", async () => {
    const session = openSession(await serve());
    const holder = begin(session, way, { method: "Write" });
    holder.on("error", () => undefined).write(stat("r"));
    await once(holder, "data");
    const { trailers } = await make(session, way, { method: "Write", body: [stat("r")] });
    expect(trailers).toMatchObject({
      "grpc-status": String(Code.Unavailable),
      "grpc-message": expect.stringMatching(/^ref%20r%20locked/),
    });
    expect(trailers["grpc-status-details-bin"]).toBeDefined();
    holder.close(constants.NGHTTP2_CANCEL);
  });

  test("gets its own bytes where many read at once, of whom some give up", async () => {
    const session = openSession(await serve());
    const contents = Array.from({ length: 8 }, (_, at) => `${at}`.repeat(80_000));
    for (const content of contents)
      await make(session, way, { method: "Write", body: [commit(content, content[0] ?? "")] });
    const calls = Array.from({ length: 200 }, async (_, at) => {
      const content = contents[at % 8] ?? "";
      const stream = begin(session, way, { method: "Read" });
      stream.end(read({ digest: sha256(content), offset: BigInt(at), size: 32_768n }));
      if (at % 5 === 0)
        return stream.once("error", () => undefined).once("response", () => stream.close(constants.NGHTTP2_CANCEL));
      const { body } = await outcomeOf(stream);
      expect(body.subarray(-32_768).toString() === content.slice(0, 32_768)).toBe(true);
    });
    await Promise.all(calls);
  });

  test("is answered beside many others on one connection", async () => {
    const session = openSession(await serve());
    await prepare(session);
    const calls = Array.from({ length: 60 }, (_, at) =>
      make(session, way, at % 3 === 0 ? { method: "Info", body: [info(stored)] } : readLarge),
    );
    const outcomes = await Promise.all(calls);
    expect(new Set(outcomes.map(({ trailers }) => trailers["grpc-status"]))).toEqual(new Set(["0"]));
    const parts = outcomes.filter((_, at) => at % 3 !== 0).map(({ body }) => body.length);
    expect(new Set(parts).size).toBe(1);
  });
});

test("answers on the direct way are sent as they are, whatever packing their client takes", async () => {
  const session = openSession(await serve());
  await prepare(session);
  const headers = { "grpc-accept-encoding": "gzip" };
  const packed = async (way: Way) => (await make(session, way, { ...readLarge, headers })).headers["grpc-encoding"];
  expect([await packed("direct"), await packed("connect")]).toEqual([undefined, "gzip"]);
});

test("a call on the direct way is refused as any other where it comes from elsewhere", async () => {
  const session = openSession(await serve());
  for (const headers of [
    { origin: "https://evil.example" },
    { via: "1.1 proxy" },
    { "sec-fetch-site": "cross-site" },
  ]) {
    const { headers: answered } = await make(session, "direct", { method: "Info", headers, body: [info(stored)] });
    expect(answered).toMatchObject({ ":status": 403 });
  }
});
