import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http2";
import { join } from "node:path";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { describe, expect, onTestFinished, test } from "vitest";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { Namespaces } from "../../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import { StartError } from "../../../server/start-error.ts";
import { openTarget } from "../../../server/store-set/open-target.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { serve } from "../listen/serve.ts";

const options = { allowsChanges: false };

/** A socket of a gRPC server with some services, none of whose methods does anything. */
async function socketOf(...services: readonly (typeof Content | typeof Namespaces)[]): Promise<string> {
  const socket = join(await makeTempDir(), "some.sock");
  const routes = connectNodeAdapter({
    routes: (router) => {
      for (const service of services) {
        router.service(service, service === Namespaces ? { list: () => ({ namespaces: [] }) } : {});
      }
    },
  });
  const server = createServer(routes);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(() => void server.close());
  return socket;
}

describe("a socket is asked what it is", () => {
  test("another Stowage", async () => {
    const { socket } = await serve();
    expect(await openTarget(socket, { ...options, tokenFile: "token" })).toEqual({
      plugin: "remote",
      name: "stowage",
      config: { url: `unix:${socket}`, token_file: "token", allow_changes: false },
    });
  });

  test("a containerd, which has namespaces", async () => {
    const socket = await socketOf(Content, Namespaces);
    expect(await openTarget(`unix://${socket}`, { allowsChanges: true })).toEqual({
      plugin: "containerd",
      name: "containerd",
      config: { address: `unix:${socket}`, allow_changes: true },
    });
  });

  test("a buildkitd, which has none", async () => {
    const socket = await socketOf(Content);
    expect(await openTarget(`unix:${socket}`, options)).toEqual({
      plugin: "buildkit",
      name: "buildkit",
      config: { address: `unix:${socket}` },
    });
  });
});

test("a folder is a layout, named as it is", async () => {
  const path = join(await makeTempDir(), "my cache+1");
  await mkdir(path);
  expect(await openTarget(path, options)).toEqual({ plugin: "oci-layout", name: "my-cache-1", config: { path } });
});

test("a URL is another Stowage, named by its host", async () => {
  expect(await openTarget("https://node-7.example:3443", { allowsChanges: true })).toEqual({
    plugin: "remote",
    name: "node-7-example-3443",
    config: { url: "https://node-7.example:3443", allow_changes: true },
  });
});

test("a kind before a target says what it is, whether it is there or not", async () => {
  expect(await openTarget("buildkit:/run/not/there.sock", options)).toMatchObject({
    plugin: "buildkit",
    config: { address: "unix:/run/not/there.sock" },
  });
  expect(await openTarget("containerd:http://127.0.0.1:1234", options)).toMatchObject({
    config: { address: "http://127.0.0.1:1234" },
  });
});

describe("what cannot be opened is one line", () => {
  test.for<[what: string, make: (folder: string) => Promise<unknown>, words: string]>([
    ["what is not there", async () => undefined, "there is no such file; is it running?"],
    ["a file", (path) => writeFile(path, "x"), "it is neither a socket nor a folder"],
  ])("%s", async ([, make, words]) => {
    const path = join(await makeTempDir(), "target");
    await make(path);
    const opened = openTarget(path, options);
    await expect(opened).rejects.toThrow(StartError);
    await expect(opened).rejects.toThrow(`cannot open ${path}: ${words}`);
  });

  test("a socket that nobody listens on any more", async () => {
    const { socket, server } = await serve();
    await server.close(0);
    await expect(openTarget(socket, options)).rejects.toThrow(`cannot open ${socket}: `);
  });
});
