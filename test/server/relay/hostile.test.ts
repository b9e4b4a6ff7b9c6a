import { once } from "node:events";
import type { RequestListener } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Code, createClient } from "@connectrpc/connect";
import { describe, expect, onTestFinished, test } from "vitest";
import { Content, WriteAction } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { Events } from "../../../gen/containerd/services/events/v1/events_pb.js";
import { Namespaces } from "../../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import { Role } from "../../../gen/stowage/v1/access_pb.js";
import { CatalogService } from "../../../gen/stowage/v1/catalog_pb.js";
import { ContentService } from "../../../gen/stowage/v1/content_pb.js";
import { ServerService, StoreFacts_State } from "../../../gen/stowage/v1/server_pb.js";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import { remoteStorePlugin } from "../../../server/relay/plugin.ts";
import { catalogPlugin } from "../../../server/services/catalog.ts";
import type { StoreSpec } from "../../../server/store-set/stack.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { bearer, serveGuarded } from "../access/guarded.ts";
import { ask, inMemory } from "../listen/serve.ts";
import { bytesOf, failure, sha256 } from "../services/calls.ts";
import { namespace, serveSeveral } from "../store-set/several.ts";

function node(url: string, more: object = {}): StoreSpec {
  return { name: "node", plugin: remoteStorePlugin as unknown as Plugin, config: { url, ...more } };
}

/** A hub whose node answers every request for a file in one way, and where the hub has its files. */
async function serveLiar(answer: RequestListener) {
  const liar = createServer({ maxHeaderSize: 1024 * 1024 }, answer).listen(0, "127.0.0.1");
  onTestFinished(() => {
    liar.closeAllConnections();
    liar.close();
  });
  await once(liar, "listening");
  const hub = await serveSeveral([node(`http://127.0.0.1:${(liar.address() as AddressInfo).port}`)]);
  return { hub, file: `${hub.url}/-/blob?store=node&ns=${namespace}&d=${sha256("x")}` };
}

const page = "<script>alert(document.domain)</script>";

describe("a node that lies", () => {
  test("has no page of its own shown under the hub's origin: a file is a file", async () => {
    const { file } = await serveLiar((_, response) => {
      response.setHeader("content-disposition", 'inline; filename="a.html"');
      response.setHeader("cache-control", "public, max-age=31536000");
      response.writeHead(200, { "content-type": "text/html", "set-cookie": "a=b", "access-control-allow-origin": "*" });
      response.end(page);
    });
    const { status, text, headers } = await ask(file);
    expect([status, text]).toEqual([200, page]);
    expect(headers).toMatchObject({
      "content-type": "application/octet-stream",
      "content-disposition": 'attachment; filename="download"',
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
    for (const name of ["set-cookie", "access-control-allow-origin"]) expect(headers[name]).toBeUndefined();
  });

  test.for([404, 500])("with a page as an error (%i) is told as a line of text", async (code) => {
    const { file } = await serveLiar((_, response) => {
      response.writeHead(code, { "content-type": "text/html" });
      response.end(`${page}\u001b[2J\r\nsecond${"x".repeat(100_000)}`);
    });
    const { status, text, headers } = await ask(file);
    expect([status, headers["content-type"]]).toEqual([code, "text/plain; charset=utf-8"]);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(text).toMatch(/^<script>[^\p{Cc}]{1,500}\n$/u);
  });

  test("with an error without end is let go of once a line of it is told", async () => {
    let isOver = false;
    const { file } = await serveLiar((_, response) => {
      response.once("close", () => (isOver = true)).writeHead(500);
      response.write("x".repeat(100_000));
    });
    expect((await ask(file)).status).toBe(500);
    await waitUntil(() => isOver);
  });

  test("leads nobody elsewhere, and is not answered with what is no answer", async () => {
    const { file } = await serveLiar((_, response) => {
      response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
    });
    const { status, headers } = await ask(file);
    expect([status, headers["location"]]).toEqual([502, undefined]);
  });

  test("with headers without end, or who resets, is one that does not answer", async () => {
    const { file } = await serveLiar((request, response) => {
      if (request.headers.range === undefined) response.setHeader("x-long", "x".repeat(500_000)).end("abc");
      else request.socket.resetAndDestroy();
    });
    for (const headers of [{}, { range: "bytes=0-1" }]) {
      const { status, text } = await ask(file, { headers });
      expect([status, text]).toEqual([503, expect.stringContaining("store node does not answer: ")]);
    }
  });

  test("that cuts a file is cut here too", async () => {
    const { file } = await serveLiar((_, response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("0123", () => response.destroy());
    });
    await expect(ask(file)).rejects.toThrow();
  });
});

test("no path of the hub's machine is told to whoever calls: of a socket, of a token's file", async () => {
  const root = await makeTempDir();
  const away = await serveSeveral([node(`unix:${join(root, "secret.sock")}`)]);
  const tokenless = await serveSeveral([node(away.url, { token_file: join(root, "secret.token") })]);
  const reasons = ["it is not there (no such file)", "this server cannot read a file that it needs for that (ENOENT)"];
  for (const [at, { web, url, server }] of [away, tokenless].entries()) {
    const headers = { "containerd-namespace": namespace, "stowage-store": "node" };
    const { rawMessage } = await failure(createClient(Content, web).info({ digest: sha256("x") }, { headers }));
    const { text } = await ask(`${url}/-/blob?store=node&ns=${namespace}&d=${sha256("x")}`);
    const reason = () => server.listStores({}).then(({ stores }) => stores[1]?.reason);
    await expect.poll(reason).toBe(reasons[at]);
    for (const told of [rawMessage, text]) expect(told).toContain(`store node does not answer: ${reasons[at]}`);
  }
});

test("a URL with a password in it is refused, since it would be shown", () => {
  const fits = (url: string) => remoteStorePlugin.config.safeParse({ url }).success;
  expect(["https://node:3000", "https://node:3000/"].map(fits)).toEqual([true, true]);
  expect(["https://hub:secret@node:3000", "https://hub@node"].map(fits)).toEqual([false, false]);
});

/** A hub with sign-in, whose node everybody may use who may reach it. */
async function serveGuardedHub() {
  const far = await serveSeveral([], { plugins: [...inMemory, catalogPlugin] as readonly Plugin[] });
  const config = { "stores/configured": { others: [node(far.url, { allow_changes: true })] } };
  const hub = await serveGuarded({ config });
  const web = hub.dial("connect");
  const as = (token: string, of = namespace) => ({
    headers: { ...bearer(token), "stowage-store": "node", "containerd-namespace": of },
  });
  return { hub, web, as };
}

describe("who may see some namespaces of a hub", () => {
  test("writes in single calls to those of a node, reads them, and nothing of others", async () => {
    const { hub, web, as } = await serveGuardedHub();
    const mine = await hub.token({ role: Role.OPERATOR, namespaces: [namespace] });
    const content = createClient(ContentService, web);
    const request = { action: WriteAction.COMMIT, ref: "r", data: bytesOf("abc") };
    const { response } = await content.write({ request }, as(mine));
    expect(response?.digest).toBe(sha256("abc"));
    for (const selection of [{ namespaces: ["*"] }, {}, undefined]) {
      expect((await content.listPage({ ...(selection && { selection }) }, as(mine))).totalSize).toBe(1n);
    }
    const held = { digest: sha256("abc"), namespace: "" };
    const catalog = createClient(CatalogService, web);
    expect((await catalog.getHold(held, as(mine))).holders).toEqual([]);

    const denied = await Promise.all([
      failure(content.write({ request }, as(mine, "other"))),
      failure(content.listPage({ selection: { namespaces: ["other"] } }, as(mine))),
      failure(createClient(Content, web).info({ digest: sha256("abc") }, as(mine, "other"))),
      failure(catalog.getHold({ ...held, namespace: "other" }, as(mine))),
      failure(createClient(Namespaces, web).list({}, as(mine))),
      failure(createClient(Namespaces, web).create({ namespace: { name: "other" } }, as(mine))),
      failure(Array.fromAsync(catalog.listNamespaces({}, as(mine)))),
      failure(Array.fromAsync(catalog.listImages({ namespaces: ["other"] }, as(mine)))),
      failure(Array.fromAsync(createClient(Events, web).subscribe({}, as(mine)))),
    ]);
    expect(denied.map(({ code }) => code)).toEqual(denied.map(() => Code.PermissionDenied));
    // That this server refuses somebody says nothing of the node.
    const { stores } = await createClient(ServerService, web).listStores({}, as(mine));
    expect(stores.map(({ state }) => state)).not.toContain(StoreFacts_State.UNREACHABLE);
  });

  test("is not told where its stores are", async () => {
    const { hub, web } = await serveGuardedHub();
    const targets = async (draft: Parameters<typeof hub.token>[0]) => {
      const headers = bearer(await hub.token(draft));
      const { stores } = await createClient(ServerService, web).listStores({}, { headers });
      return stores.map(({ target }) => target);
    };
    expect(await targets({ role: Role.READER, namespaces: ["n"] })).toEqual(["", "not told"]);
    expect(await targets({ role: Role.READER, stores: ["node"] })).toEqual(["not told"]);
    expect(await targets({ role: Role.READER })).toEqual(["", expect.stringMatching(/^http:/)]);
  });
});

test("nobody takes all streams of a node, whose connection they share", async () => {
  const { hub, web, as } = await serveGuardedHub();
  const [mei, ada] = [await hub.token({ name: "mei" }), await hub.token({ name: "ada" })];
  const ended = new AbortController();
  onTestFinished(() => ended.abort());
  const follow = async (token: string, transport = web) => {
    const options = { ...as(token), signal: ended.signal };
    const events = createClient(ContentService, transport).list({ watch: { follow: true } }, options);
    await events[Symbol.asyncIterator]().next();
  };
  await Promise.all(Array.from({ length: 50 }, () => follow(mei)));
  const { code, rawMessage } = await failure(follow(mei, hub.dial("connect")));
  expect([code, rawMessage]).toEqual([Code.ResourceExhausted, "more than 50 streams of yours; close some"]);
  await follow(ada, hub.dial("connect"));
});
