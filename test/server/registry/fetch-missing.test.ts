import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import type { FetchProgress } from "../../../content/catalog.ts";
import { parseDigest } from "../../../content/parse-digest.ts";
import { missingOf, partsOf } from "../../../server/catalog/images/parts.ts";
import { fetchMissing } from "../../../server/registry/fetch-missing.ts";
import { createOutgoing } from "../../../server/registry/outgoing.ts";
import { originOf } from "../../../server/registry/registry.ts";
import type { Named } from "../catalog/support.ts";
import { config, index, manifest, named, sizeOf, store, tag, types } from "../catalog/support.ts";
import { digestOf, openTestMetadata } from "../metadata/support.ts";
import { startHttp } from "./http-server.ts";

/** An image for two platforms. */
function makeImage(padding = 0) {
  const layers = ["one", "two"].map((text) => named(types.layer, text.repeat(1000)));
  const configs = [config("amd64"), config("arm64")];
  const manifests = configs.map((each, at) => manifest(each, layers.slice(0, at + 1)));
  const { mediaType, text } = index(
    manifests.map((each, at) => ({ ...each, platform: { os: "linux", architecture: at === 0 ? "amd64" : "arm64" } })),
  );
  const root = named(mediaType, text + " ".repeat(padding));
  return { root, manifests, configs, layers, all: [root, ...manifests, ...configs, ...layers] };
}

type Image = ReturnType<typeof makeImage>;

interface RegistryOptions {
  /** Answers in the place of the registry; true: it did. */
  readonly instead?: (path: string, response: ServerResponse, host: string) => boolean;
}

/** A registry that has the image, and metadata in which it has a name. */
async function startRegistry(image: Image, { instead = () => false }: RegistryOptions = {}) {
  const bytes = new Map(image.all.map(({ text }) => [digestOf(text), Buffer.from(text)]));
  const server = await startHttp(({ url = "", headers }, response) => {
    if (instead(url, response, server.host)) return;
    const content = bytes.get(parseDigest(url.split("/").at(-1) ?? ""));
    if (content === undefined) return void response.writeHead(404).end();
    const from = Number(/^bytes=(\d+)-/.exec(headers.range ?? "")?.[1] ?? 0);
    const range = `bytes ${from}-${content.length - 1}/${content.length}`;
    response.writeHead(206, { "content-range": range, etag: '"x"' }).end(content.subarray(from));
  });
  const { metadata } = await openTestMetadata();
  const name = `${server.host}/team/app:1`;
  await tag(metadata, name, image.root);
  const registries = { [server.host]: { plain_http: true, allow_private: true } };

  async function run(signal = new AbortController().signal): Promise<FetchProgress | undefined> {
    const ask = createOutgoing({ registries, userAgent: "test" });
    const found = await metadata.images.get("n", name);
    let last: FetchProgress | undefined;
    for await (const told of fetchMissing(metadata, { namespace: "n" }, found, { registries, ask }, signal))
      last = told;
    return last;
  }

  const lacking = async () =>
    missingOf(await partsOf(metadata.catalog, "n", await metadata.images.get("n", name))).count;
  return { server, metadata, name, run, lacking };
}

const labelsOf = async (metadata: Awaited<ReturnType<typeof startRegistry>>["metadata"], { text }: Named) =>
  (await metadata.in({ namespace: "n" }).info(digestOf(text))).labels;

test("an image comes to be whole, is labelled as a pull labels it, and survives a collection", async () => {
  const image = makeImage();
  const { server, metadata, run, lacking } = await startRegistry(image);
  await store(metadata, "n", image.root, ...image.manifests);
  const bytes = sizeOf(...image.configs, ...image.layers);
  expect(await run()).toEqual({ host: server.host, blobsDone: 4, blobs: 4, bytesDone: bytes, bytes, complete: true });
  expect(await labelsOf(metadata, image.layers[0] as Named)).toEqual({
    [`containerd.io/distribution.source.${server.host}`]: "team/app",
  });
  expect(await labelsOf(metadata, image.root)).toEqual({
    "containerd.io/gc.ref.content.m.0": digestOf(image.manifests[0]?.text ?? ""),
    "containerd.io/gc.ref.content.m.1": digestOf(image.manifests[1]?.text ?? ""),
  });
  await metadata.collect();
  expect(await lacking()).toBe(0);
  expect(await metadata.leases.list("n")).toEqual([]);
});

test("manifests of an index that were never fetched are no lack, and not fetched either", async () => {
  const image = makeImage();
  const { run, lacking, server } = await startRegistry(image);
  expect(await run()).toMatchObject({ blobs: 1, complete: true });
  expect(await lacking()).toBe(0);
  expect(server.asked.map(({ url }) => url)).toEqual([`/v2/team/app/manifests/${digestOf(image.root.text)}`]);
});

test("what a manifest names is fetched after it", async () => {
  const image = makeImage();
  const [, second] = image.manifests;
  const { run, lacking, server } = await startRegistry({ ...image, root: second ?? image.root });
  expect(await run()).toMatchObject({ blobsDone: 4, blobs: 4, complete: true });
  expect(await lacking()).toBe(0);
  const kinds = server.asked.map(({ url }) => url?.split("/").at(-2));
  expect(kinds).toEqual(["manifests", "blobs", "blobs", "blobs"]);
});

test("a registry that wants a token is asked with one that it gives to anybody", async () => {
  const image = makeImage();
  const { server, run } = await startRegistry(image, {
    instead(path, response, host) {
      if (path.startsWith("/token")) response.end(JSON.stringify({ token: "given" }));
      else if (response.req.headers.authorization !== "Bearer given") {
        const challenge = `Bearer realm="http://${host}/token",service="registry",scope="repository:team/app:pull"`;
        response.writeHead(401, { "www-authenticate": challenge }).end();
      } else return false;
      return true;
    },
  });
  expect(await run()).toMatchObject({ complete: true });
  const path = `/v2/team/app/manifests/${digestOf(image.root.text)}`;
  const token = "/token?service=registry&scope=repository%3Ateam%2Fapp%3Apull";
  expect(server.asked.map(({ url }) => url)).toEqual([path, token, path]);
});

test.for<[string, NonNullable<RegistryOptions["instead"]>, string, string]>([
  ["an answer that is too short", (_, response) => void response.end("x") === undefined, "data-loss", "want"],
  [
    "a redirect to an address of its own network",
    (_, response) => void response.writeHead(307, { location: "https://169.254.169.254/" }).end() === undefined,
    "permission-denied",
    "169.254.169.254 is not a public address",
  ],
  [
    "a wish for a password",
    (_, response) => void response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end() === undefined,
    "unauthenticated",
    "does not give out team/app without credentials",
  ],
  [
    "a realm at a private address",
    (_, response) =>
      void response.writeHead(401, { "www-authenticate": 'Bearer realm="https://10.0.0.1/token"' }).end() === undefined,
    "permission-denied",
    "10.0.0.1 is not a public address",
  ],
  ["that it has no such blob", (_, response) => void response.writeHead(404).end() === undefined, "not-found", "404"],
])("%s ends it with a line that says so, and nothing is left of it", async ([, instead, kind, words]) => {
  const { run, lacking, metadata } = await startRegistry(makeImage(), { instead });
  await expect(run()).rejects.toMatchObject({ kind, message: expect.stringContaining(words) });
  expect(await lacking()).toBe(1);
  expect(await Array.fromAsync(metadata.ingests("*"))).toEqual([]);
  expect(await metadata.leases.list("n")).toEqual([]);
});

test("bytes of the right number that are others are refused, and the right ones are taken the next time", async () => {
  const image = makeImage();
  let isWrong = true;
  const { run, lacking, server, metadata } = await startRegistry(image, {
    instead(_, response) {
      if (isWrong) response.end("x".repeat(image.root.text.length));
      return isWrong;
    },
  });
  await expect(run()).rejects.toMatchObject({
    kind: "data-loss",
    message: `${server.host} sends other bytes than ${digestOf(image.root.text)}`,
  });
  expect(await Array.fromAsync(metadata.ingests("*"))).toEqual([]);
  isWrong = false;
  expect(await run()).toMatchObject({ complete: true });
  expect(await lacking()).toBe(0);
});

test("one that is cancelled leaves an ingest, which the next one goes on with", async () => {
  const image = makeImage(3 * 1024 * 1024);
  const { length } = image.root.text;
  const cancel = new AbortController();
  let isSlow = true;
  const { run, metadata, server } = await startRegistry(image, {
    instead(_, response) {
      if (!isSlow) return false;
      response.writeHead(206, { "content-range": `bytes 0-${length - 1}/${length}`, etag: '"x"' });
      return response.write(image.root.text.slice(0, length / 2)) || true;
    },
  });
  const running = run(cancel.signal);
  const status = () => metadata.in({ namespace: "n" }).status(`index-${digestOf(image.root.text)}`);
  const offset = async () => (await status().catch(() => undefined))?.offset ?? 0;
  await expect.poll(offset).toBeGreaterThan(0);
  cancel.abort();
  await expect(running).rejects.toMatchObject({ kind: "cancelled" });
  const kept = await offset();
  expect(kept).toBeGreaterThan(0);
  isSlow = false;
  expect(await run()).toMatchObject({ complete: true });
  expect(server.asked.at(-1)?.headers.range).toBe(`bytes=${kept}-`);
});

test.each([
  ["docker.io/library/alpine:3", { name: "docker.io", host: "registry-1.docker.io", repository: "library/alpine" }],
  ["localhost/app", { name: "localhost", host: "localhost", repository: "app" }],
  [
    "registry.example:5000/a/b@sha256:aa",
    { name: "registry.example:5000", host: "registry.example:5000", repository: "a/b" },
  ],
])("%s comes from its registry", (name, origin) => {
  expect(originOf(name)).toEqual(origin);
});

test.each([
  "alpine:3",
  "team/app:1",
  "registry.example/../x:1",
  "registry.example/A:1",
  `sha256:${"0".repeat(64)}`,
  "",
])("%j does not say a registry", (name) => {
  expect(() => originOf(name)).toThrow("does not say its registry");
});
