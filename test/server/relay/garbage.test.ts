import { once } from "node:events";
import { createServer as createHttp } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { createServer } from "node:net";
import { Code, createClient } from "@connectrpc/connect";
import { expect, onTestFinished, test } from "vitest";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import { remoteStorePlugin } from "../../../server/relay/plugin.ts";
import { failure, sha256 } from "../services/calls.ts";
import { namespace, serveSeveral } from "../store-set/several.ts";

/** What answers where a node should. */
const others: Readonly<Record<string, () => Server>> = {
  "HTTP/1.1": () => createHttp((_, response) => response.end("hello")),
  "no HTTP": () => createServer((socket) => socket.on("error", () => undefined).write("x".repeat(100))),
  "settings, and then no HTTP": () =>
    createServer((socket) => {
      socket
        .on("error", () => undefined)
        .once("data", () => {
          socket.write(Buffer.from("000000040000000000", "hex"), () => socket.write("x".repeat(100)));
        });
    }),
};

// What nobody hears of ends the process: an error of a connection, after whoever called was told.
test.each(Object.keys(others))("a node that speaks %s is away, and takes nothing with it", async (name) => {
  const server = others[name]?.().listen(0, "127.0.0.1") as Server;
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const config = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  const hub = await serveSeveral([{ name: "node", plugin: remoteStorePlugin as unknown as Plugin, config }]);
  const headers = { "containerd-namespace": namespace, "stowage-store": "node" };
  const content = createClient(Content, hub.web);
  const call = () => failure(content.info({ digest: sha256("x") }, { headers }));
  const failures = [await call(), await call(), ...(await Promise.all([call(), call(), call()]))];
  for (const { code, rawMessage } of failures) {
    expect([code, rawMessage]).toEqual([Code.Unavailable, expect.stringContaining("store node does not answer: ")]);
  }
  await hub.running.close(0);
});
