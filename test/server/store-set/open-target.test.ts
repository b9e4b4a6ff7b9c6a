import { mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http2";
import { join, resolve } from "node:path";
import type { ConnectRouter } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { describe, expect, onTestFinished, test } from "vitest";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { Namespaces } from "../../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import { StartError } from "../../../server/start-error.ts";
import { openTarget } from "../../../server/store-set/open-target.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { serve } from "../listen/serve.ts";

const options = { allowsChanges: false };

/** A socket of a gRPC server with some services. */
async function socketOf(routes: (router: ConnectRouter) => void): Promise<string> {
  const socket = join(await makeTempDir(), "some.sock");
  const server = createServer(connectNodeAdapter({ routes }));
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
    const socket = await socketOf((router) => router.service(Namespaces, { list: () => ({ namespaces: [] }) }));
    expect(await openTarget(`unix://${socket}`, { allowsChanges: true })).toEqual({
      plugin: "containerd",
      name: "containerd",
      config: { address: `unix:${socket}`, allow_changes: true },
    });
  });

  test("a buildkitd, which has none", async () => {
    const socket = await socketOf((router) =>
      router.service(Content, {
        info() {
          throw new ConnectError("content sha256:…: not found", Code.NotFound);
        },
      }),
    );
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
  await writeFile(join(path, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
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
  const path = await makeTempDir();
  expect(await openTarget(`oci-layout:${path}`, options)).toMatchObject({ plugin: "oci-layout", config: { path } });
});

describe("what cannot be opened is one line", () => {
  const make = {
    file: (path: string) => writeFile(path, "x"),
    folder: (name?: string) => async (path: string) => {
      await mkdir(path);
      if (name !== undefined) await writeFile(join(path, name), "");
    },
  };

  test.for<[what: string, make: (path: string) => Promise<unknown>, words: string]>([
    [
      "a file",
      make.file,
      "it is a file; of an archive open the folder that it is unpacked in: mkdir DIR && tar -xf FILE -C DIR",
    ],
    ["a device", (path) => symlink("/dev/null", path), "it is neither a socket nor a folder"],
    [
      "an empty folder",
      make.folder(),
      "it is no OCI image layout; name the folder that has oci-layout, index.json and blobs",
    ],
    [
      "a Stowage's data",
      make.folder("metadata.db"),
      "it is no OCI image layout; it is the data directory of a Stowage; open",
    ],
    [
      "a containerd's content",
      make.folder("ingest"),
      "it is no OCI image layout; it is where a containerd or a buildkitd",
    ],
    [
      "skopeo's dir",
      make.folder("manifest.json"),
      "it is no OCI image layout; it has a manifest.json of another form; skopeo",
    ],
    ["a layout of tomorrow", make.folder("oci-layout"), "its file oci-layout says no version"],
  ])("%s", async ([, make, words]) => {
    const path = join(await makeTempDir(), "target");
    await make(path);
    const opened = openTarget(path, options);
    await expect(opened).rejects.toThrow(StartError);
    await expect(opened).rejects.toThrow(`cannot open ${path}: ${words}`);
  });

  test.each(["./no-cache", "contaienrd:/run/x.sock", "tcp://127.0.0.1:2375", "file:///cache"])(
    "%s, where nothing is, which is told by its whole path",
    async (target) => {
      await expect(openTarget(target, options)).rejects.toThrow(
        `cannot open ${target}: there is nothing at ${resolve(target)}; what is meant is a folder, the socket of a server that runs, or a URL`,
      );
    },
  );

  test("a socket of a server of gRPC without content, as CRI-O's", async () => {
    const socket = await socketOf(() => undefined);
    await expect(openTarget(socket, options)).rejects.toThrow(
      `cannot open ${socket}: it does not say what it is, as a containerd, a buildkitd and a Stowage do and Docker's own socket does not: it serves no content`,
    );
  });

  test("a socket that nobody listens on any more", async () => {
    const { socket, server } = await serve();
    await server.close(0);
    await expect(openTarget(socket, options)).rejects.toThrow(`cannot open ${socket}: `);
  });
});
