import { once } from "node:events";
import type { RequestListener } from "node:http";
import { createServer as createHttp } from "node:http";
import type { ServerHttp2Stream } from "node:http2";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { Code, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { Events } from "../../../gen/containerd/services/events/v1/events_pb.js";
import { Images } from "../../../gen/containerd/services/images/v1/images_pb.js";
import { ContentService } from "../../../gen/stowage/v1/content_pb.js";
import { fullAccess } from "../../../server/policy/access.ts";
import { createFileAgent, forwardDownload } from "../../../server/relay/forward-download.ts";
import { connectionTo } from "../../../server/relay/node-connection.ts";
import { createNodePlaces } from "../../../server/relay/node-places.ts";
import { withPatience } from "../../../server/relay/patience.ts";
import { createPresence } from "../../../server/relay/presence.ts";
import { ask } from "../listen/serve.ts";
import { failure, sha256 } from "../services/calls.ts";

/** A call that a node has taken. */
interface Taken {
  /** Send an answer of no content, without its end. */
  begin(): void;
  /** End it well. */
  end(): void;
}

/** How often a node is asked whether it is there before it goes on with what it was called for. */
const asksBefore = 3;

/**
 * A transport to a node that is waited for, and does with calls as it is told.
 *
 * @param isThere what it does with the question whether it is there @param taken what it does with other calls
 */
async function serveSlow(isThere: (call: Taken) => void, taken: (call: Taken) => void) {
  const node = createServer();
  node.on("stream", (stream: ServerHttp2Stream, headers) => {
    stream.on("error", () => undefined);
    let begun = false;
    const call: Taken = {
      begin() {
        stream.respond({ ":status": 200, "content-type": "application/grpc+proto" }, { waitForTrailers: true });
        stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
        stream.write(Buffer.alloc(5));
        begun = true;
      },
      end() {
        if (!begun) call.begin();
        stream.end();
      },
    };
    if (headers[":path"]?.endsWith("/GetServer")) isThere(call);
    else taken(call);
  });
  node.listen(0, "127.0.0.1");
  await once(node, "listening");
  const ended = new AbortController();
  onTestFinished(() => {
    ended.abort();
    node.close();
  });
  const baseUrl = `http://127.0.0.1:${(node.address() as AddressInfo).port}`;
  return { signal: ended.signal, transport: createGrpcTransport({ baseUrl }) };
}

test("a node that hears and is not there is given up; events and writes are waited for", async () => {
  const silent = await serveSlow(
    () => undefined,
    () => undefined,
  );
  const patience = { quietMs: 20, presence: createPresence(silent.transport, 50) };
  const transport = withPatience(silent.transport, patience);
  const { signal } = silent;
  const content = createClient(Content, transport);
  let settled = "";
  const settles = (name: string, call: Promise<unknown>) =>
    void call.catch(() => undefined).finally(() => (settled += name));
  settles("subscribe", Array.fromAsync(createClient(Events, transport).subscribe({}, { signal })));
  async function* nothing() {
    await once(signal, "abort");
    yield {};
  }
  settles("write", Array.fromAsync(content.write(nothing(), { signal })));
  const late = [
    await failure(content.info({ digest: sha256("x") })),
    await failure(Array.fromAsync(content.list({}))),
    await failure(Array.fromAsync(content.read({ digest: sha256("x") }))),
    await failure(Array.fromAsync(createClient(ContentService, transport).list({}))),
  ];
  for (const { code, rawMessage } of late) expect([code, rawMessage]).toEqual([Code.Unavailable, "it took too long"]);
  expect(settled).toBe("");
});

test("a blob or a list whose next part does not come is given up; a set that is followed is not", async () => {
  const { transport: plain, signal } = await serveSlow(
    () => undefined,
    (call) => call.begin(),
  );
  const patience = { quietMs: 20, presence: createPresence(plain, 50) };
  // Whether the first part comes in time is not what is asked here.
  const followed = createClient(ContentService, plain).list({}, { signal })[Symbol.asyncIterator]();
  await followed.next();
  const transport = withPatience(plain, patience);
  let ended = false;
  void followed
    .next()
    .catch(() => undefined)
    .finally(() => (ended = true));
  const content = createClient(Content, transport);
  const late = [
    await failure(Array.fromAsync(content.list({}))),
    await failure(Array.fromAsync(content.read({ digest: sha256("x") }))),
  ];
  for (const { code, rawMessage } of late) expect([code, rawMessage]).toEqual([Code.Unavailable, "it took too long"]);
  expect(ended).toBe(false);
});

test("a node that is there is waited for, however long a call takes it", async () => {
  let asks = 0;
  let goOn = (): void => undefined;
  const { transport: plain } = await serveSlow(
    (call) => {
      call.end();
      asks += 1;
      if (asks % asksBefore === 0) goOn();
    },
    (call) => {
      goOn = () => call.end();
    },
  );
  const transport = withPatience(plain, { quietMs: 20, presence: createPresence(plain) });
  await createClient(Images, transport).delete({ name: "collected", sync: true });
  expect(asks).toBeGreaterThanOrEqual(asksBefore);
  expect(await Array.fromAsync(createClient(Content, transport).list({}))).toHaveLength(1);
  expect(await Array.fromAsync(createClient(ContentService, transport).list({}))).toHaveLength(1);
});

/** Answers requests for a file with what a node answers, which is waited for so. @returns the URL of a file */
async function serveFiles(isThere: () => boolean, answer: RequestListener): Promise<string> {
  const listen = async (handler: RequestListener): Promise<string> => {
    const server = createHttp(handler).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const connection = connectionTo({ url: await listen(answer) });
  const agent = createFileAgent(connection);
  onTestFinished(() => agent.destroy());
  const patience = { quietMs: 20, presence: { ask: async () => isThere() } };
  const node = {
    name: "node",
    id: "1",
    store: "",
    credentials: () => ({}),
    ...connection,
    agent,
    patience,
    places: createNodePlaces(),
  };
  const download = forwardDownload(node, "/-/blob", pino({ enabled: false }));
  const call = { id: "1", store: "node", caller: { identity: "", userAgent: "", address: "" }, access: fullAccess };
  const url = await listen((request, response) => {
    void download(new URL(request.url ?? "", "http://127.0.0.1"), request, response, call);
  });
  return `${url}/-/blob?d=${sha256("x")}`;
}

test("a file is waited for before it begins and in it, while its node is there", async () => {
  let asks = 0;
  let goOn: (() => void)[] = [];
  const isThere = () => {
    asks += 1;
    if (asks % asksBefore === 0) goOn.shift()?.();
    return true;
  };
  const url = await serveFiles(isThere, (_, response) => {
    goOn = [() => void response.writeHead(200).write("abc"), () => void response.end("def")];
  });
  expect((await ask(url)).text).toBe("abcdef");
});

test("a file ends with its node: before it begins with a line, and in it by a cut", async () => {
  const silent = await serveFiles(
    () => false,
    () => undefined,
  );
  expect(await ask(silent)).toMatchObject({ status: 503, text: "store node does not answer: it took too long\n" });
  let isThere = true;
  const stopping = await serveFiles(
    () => isThere,
    (_, response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("abc");
    },
  );
  const begun = await fetch(stopping);
  isThere = false;
  await expect(begun.text()).rejects.toThrow();
});
