import { spawnSync } from "node:child_process";
import { request } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import type { Image } from "../../../../content/image.ts";
import { createImage } from "../../../../content/remote/images.ts";
import { createRemoteStore } from "../../../../content/remote/store.ts";
import { collectionPlugin } from "../../../../server/collection/plugin.ts";
import { imagesPlugin } from "../../../../server/services/images.ts";
import { grpcTransport } from "../../../support/grpc.ts";
import type { Named } from "../../catalog/support.ts";
import { config, index, manifest, named, types } from "../../catalog/support.ts";
import { digestOf } from "../../metadata/support.ts";
import { ask, inMemory, serve } from "../serve.ts";

/** With names for what it keeps. */
const plugins = inMemory.toSpliced(-1, 0, collectionPlugin, imagesPlugin);

const name = "registry.example/team/app:1.5";

/** An image for two platforms, and one that is only named. */
function makeImage(size = 10) {
  const platform = (architecture: string) => ({ platform: { os: "linux", architecture } });
  const [amd, arm] = [config("amd64"), config("arm64")];
  const [shared, own] = [named(types.layer, "s".repeat(size)), named(types.layer, "o".repeat(size))];
  const [amdManifest, armManifest] = [manifest(amd, [shared]), manifest(arm, [shared, own])];
  const root = index([
    { ...amdManifest, ...platform("amd64") },
    { ...armManifest, ...platform("arm64") },
    named(types.manifest, "never fetched", platform("s390x")),
  ]);
  return { root, amd, arm, shared, own, amdManifest, armManifest };
}

/** A server with the image, less some of its blobs. */
async function serveImage(image = makeImage(), ...absent: readonly Named[]) {
  const served = await serve({ plugins });
  const transport = grpcTransport(served.socket);
  const store = createRemoteStore(transport, { namespace: "n" });
  for (const blob of Object.values(image)) {
    if (absent.includes(blob)) continue;
    await using writer = await store.writer({ ref: digestOf(blob.text) });
    await writer.write(Buffer.from(blob.text));
    await writer.commit({ labels: { "containerd.io/gc.root": "test" } });
  }
  const target = { mediaType: image.root.mediaType, digest: digestOf(image.root.text), size: image.root.text.length };
  const draft: Pick<Image, "name" | "labels" | "target"> = { name, labels: {}, target: { ...target, annotations: {} } };
  await createImage(transport, { namespace: "n" }, draft);
  return { ...served, store, image, url: `${served.url}/-/export?ns=n&name=${encodeURIComponent(name)}` };
}

/** Names of an archive's files. */
function filesOf(archive: Buffer): readonly string[] {
  return spawnSync("tar", ["-tf", "-"], { input: archive, encoding: "utf8" }).stdout.trim().split("\n");
}

function fileOf(archive: Buffer, path: string): string {
  return spawnSync("tar", ["-xOf", "-", path], { input: archive, encoding: "utf8" }).stdout;
}

const pathOf = ({ text }: Named) => `blobs/sha256/${digestOf(text).slice("sha256:".length)}`;

test("an image is an archive of all that is here of it, in OCI's layout, of a length that is known before", async () => {
  const { url, image } = await serveImage();
  const answer = await ask(url);
  expect([answer.status, answer.headers["content-length"]]).toEqual([200, String(answer.body.length)]);
  expect(answer.headers).toMatchObject({
    "content-type": "application/octet-stream",
    "content-disposition": 'attachment; filename="app-1.5.tar"',
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  });
  const blobs = Object.values(image);
  expect(filesOf(answer.body).toSorted()).toEqual(["index.json", "oci-layout", ...blobs.map(pathOf)].toSorted());
  for (const blob of blobs) expect(fileOf(answer.body, pathOf(blob))).toBe(blob.text);
  expect(JSON.parse(fileOf(answer.body, "oci-layout"))).toEqual({ imageLayoutVersion: "1.0.0" });
  expect(JSON.parse(fileOf(answer.body, "index.json"))).toEqual({
    schemaVersion: 2,
    mediaType: types.index,
    manifests: [
      {
        mediaType: types.index,
        digest: digestOf(image.root.text),
        size: image.root.text.length,
        annotations: { "io.containerd.image.name": name, "org.opencontainers.image.ref.name": "1.5" },
      },
    ],
  });
  expect((await ask(url)).body.equals(answer.body)).toBe(true);
  const head = await ask(url, { method: "HEAD" });
  expect([head.status, head.headers["content-length"], head.body.length]).toEqual([200, `${answer.body.length}`, 0]);
});

test("one platform of it comes with its own blobs alone, also where another platform lacks some", async () => {
  const image = makeImage();
  const { url } = await serveImage(image, image.own);
  const answer = await ask(`${url}&platform=linux/amd64`);
  const { root, amdManifest, amd, shared } = image;
  expect(filesOf(answer.body).slice(3)).toEqual([root, amdManifest, amd, shared].map(pathOf));
  expect(JSON.parse(fileOf(answer.body, "manifest.json"))).toEqual([
    { Config: pathOf(amd), RepoTags: [name], Layers: [pathOf(shared)] },
  ]);
  expect(answer.headers["content-disposition"]).toBe('attachment; filename="app-1.5-linux-amd64.tar"');

  const refused = await ask(url);
  expect([refused.status, refused.text]).toEqual([
    409,
    `${name} lacks 1 of the 7 blobs that it needs, such as ${digestOf(image.own.text)}\n`,
  ]);
});

test.for<[string, string, number, string]>([
  ["a platform that was not fetched", "&platform=linux/s390x", 409, `${name} has no manifest for linux/s390x here\n`],
  ["a platform that it has not", "&platform=%3Cb%3E", 404, 'platform "<b>": not found\n'],
  ["another store", "&store=x", 404, 'store "x": not found\n'],
])("%s is refused in a line", async ([, more, status, text]) => {
  const { url } = await serveImage();
  const answer = await ask(`${url}${more}`);
  expect([answer.status, answer.text]).toEqual([status, text]);
});

test.for<[string, string, number, string]>([
  ["no name", "ns=n", 400, "name is required\n"],
  ["no namespace", "name=x", 400, "namespace is required\n"],
  ["a name that nothing has", "ns=n&name=x", 404, 'image "x": not found\n'],
])("%s is refused in a line", async ([, query, status, text]) => {
  const served = await serve({ plugins });
  const answer = await ask(`${served.url}/-/export?${query}`);
  expect([answer.status, answer.text]).toEqual([status, text]);
});

test("a page of another site is refused", async () => {
  const { url } = await serveImage();
  expect((await ask(url, { headers: { "sec-fetch-site": "cross-site" } })).status).toBe(403);
});

test("a blob that goes while its client takes its time cuts the archive", async () => {
  const { url, store, image } = await serveImage(makeImage(16 * 1024 * 1024));
  const answered = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<string>();
  const asked = request(url, { agent: false }, (response) => {
    response.on("error", () => ended.resolve("cut")).on("end", () => ended.resolve("whole"));
    response.once("readable", answered.resolve);
    answered.promise.then(() => store.delete(digestOf(image.own.text))).then(() => response.resume(), ended.reject);
  });
  onTestFinished(() => void asked.destroy());
  asked.on("error", () => ended.resolve("cut")).end();
  expect(await ended.promise).toBe("cut");
});
