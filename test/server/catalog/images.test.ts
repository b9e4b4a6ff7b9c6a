import { expect, onTestFinished, test } from "vitest";
import { digestOf, openTestMetadata } from "../metadata/support.ts";
import { config, followImages, index, manifest, named, openCatalog, sizeOf, store, tag, types } from "./support.ts";

const layer = (text: string) => named(types.layer, text);

/** An image of one layer of its own and one that all of them share. */
function image(name: string, architecture = "amd64") {
  const [own, base, conf] = [layer(`own layer of ${name}`), layer("base layer"), config(architecture, { name })];
  return { own, base, config: conf, manifest: manifest(conf, [base, own]) };
}

test("an image is told to be complete as its blobs come", async () => {
  const { metadata } = await openTestMetadata();
  const one = image("one");
  await tag(metadata, "docker.io/library/one:latest", one.manifest);
  const held = followImages(openCatalog(metadata));
  const row = () => held.rows.get("n docker.io/library/one:latest");
  await expect.poll(() => held.complete).toBe(true);
  expect(row()).toMatchObject({ platforms: [], blobsPresent: 0, blobsNeeded: 1, bytes: 0, truncated: false });

  await store(metadata, "n", one.manifest);
  await expect.poll(row).toMatchObject({ platforms: [], blobsPresent: 1, blobsNeeded: 4 });
  await store(metadata, "n", one.config);
  await expect
    .poll(row)
    .toMatchObject({ platforms: [{ platform: "linux/amd64", complete: false }], blobsPresent: 2, blobsNeeded: 4 });
  await store(metadata, "n", one.base, one.own);
  const bytes = sizeOf(one.manifest, one.config, one.base, one.own);
  await expect.poll(row).toMatchObject({
    platforms: [{ platform: "linux/amd64", complete: true }],
    blobsPresent: 4,
    blobsNeeded: 4,
    bytes,
    uniqueBytes: bytes,
  });
});

test("a tag that comes is told, and one that goes", async () => {
  const { metadata } = await openTestMetadata();
  const held = followImages(openCatalog(metadata));
  await expect.poll(() => held.complete).toBe(true);
  const one = image("one");
  await tag(metadata, "one:1", one.manifest);
  await expect.poll(() => [...held.rows.keys()]).toEqual(["n one:1"]);
  await tag(metadata, "one:2", one.manifest);
  await expect.poll(() => held.repositories.get("n one")).toMatchObject({ images: 2 });
  await metadata.images.delete({ namespace: "n" }, "one:1");
  await expect.poll(() => [...held.rows.keys()]).toEqual(["n one:2"]);
  await expect.poll(() => held.repositories.get("n one")).toMatchObject({ images: 1 });
  await metadata.images.delete({ namespace: "n" }, "one:2");
  await expect.poll(() => [held.rows.size, held.repositories.size]).toEqual([0, 0]);
  await expect.poll(() => held.count).toBe(0);
});

test("bytes that another target comes to share are no image's own, and are again once it went", async () => {
  const { metadata } = await openTestMetadata();
  const [one, two] = [image("one"), image("two")];
  await store(metadata, "n", one.manifest, one.config, one.base, one.own);
  await store(metadata, "m", two.manifest, two.config, two.base, two.own);
  await tag(metadata, "one:1", one.manifest);
  const held = followImages(openCatalog(metadata));
  const unique = () => held.rows.get("n one:1")?.uniqueBytes;
  const all = sizeOf(one.manifest, one.config, one.base, one.own);
  await expect.poll(unique).toBe(all);
  await tag(metadata, "one:again", one.manifest);
  await expect.poll(() => held.rows.get("n one:again")?.uniqueBytes).toBe(all);
  await tag(metadata, "two:1", two.manifest, "m");
  await expect.poll(unique).toBe(all - one.base.text.length);
  await expect.poll(() => held.rows.get("n one:again")?.uniqueBytes).toBe(all - one.base.text.length);
  await metadata.images.delete({ namespace: "m" }, "two:1");
  await expect.poll(unique).toBe(all);
});

test("a repository counts each blob once, and says what its targets share", async () => {
  const { metadata } = await openTestMetadata();
  const [one, two] = [image("one"), image("two")];
  await store(metadata, "n", one.manifest, one.config, one.base, one.own, two.manifest, two.config, two.own);
  await tag(metadata, "host:5000/app:1", one.manifest);
  await tag(metadata, "host:5000/app:2", two.manifest);
  await tag(metadata, "host:5000/app:latest", two.manifest);
  const held = followImages(openCatalog(metadata));
  const repository = () => held.repositories.get("n host:5000/app");
  const bytes = sizeOf(one.manifest, one.config, one.base, one.own, two.manifest, two.config, two.own);
  const overlapBytes = one.base.text.length;
  await expect.poll(repository).toMatchObject({ images: 3, bytes, overlapBytes });
  await metadata.in({ namespace: "n" }).delete(digestOf(one.base.text));
  await expect.poll(repository).toMatchObject({ images: 3, bytes: bytes - overlapBytes, overlapBytes: 0 });
  await store(metadata, "n", one.base);
  await expect.poll(repository).toMatchObject({ images: 3, bytes, overlapBytes });
  await metadata.images.delete({ namespace: "n" }, "host:5000/app:1");
  const left = sizeOf(two.base, two.manifest, two.config, two.own);
  await expect.poll(repository).toMatchObject({ images: 2, bytes: left, overlapBytes: 0 });
});

test("a tag that is moved to another target takes its bytes with it", async () => {
  const { metadata } = await openTestMetadata();
  const [one, two] = [image("one"), image("two")];
  await store(metadata, "n", one.manifest, one.config, one.base, one.own, two.manifest, two.config, two.own);
  await tag(metadata, "app:latest", one.manifest);
  const held = followImages(openCatalog(metadata));
  await expect.poll(() => held.complete).toBe(true);
  const { mediaType, text } = two.manifest;
  const target = { mediaType, digest: digestOf(text), size: text.length, annotations: {} };
  await metadata.images.update({ namespace: "n" }, { name: "app:latest", labels: {}, target });
  const bytes = sizeOf(two.manifest, two.config, two.base, two.own);
  await expect.poll(() => held.rows.get("n app:latest")).toMatchObject({ bytes, uniqueBytes: bytes });
  await expect
    .poll(() => held.repositories.get("n app"))
    .toEqual({ namespace: "n", repository: "app", images: 1, bytes, overlapBytes: 0 });
});

test("an image is incomplete once a blob of it is deleted", async () => {
  const { metadata } = await openTestMetadata();
  const one = image("one");
  await store(metadata, "n", one.manifest, one.config, one.base, one.own);
  await tag(metadata, "one:1", one.manifest);
  const held = followImages(openCatalog(metadata));
  await expect.poll(() => held.rows.get("n one:1")).toMatchObject({ blobsPresent: 4 });
  await metadata.in({ namespace: "n" }).delete(digestOf(one.own.text));
  await expect
    .poll(() => held.rows.get("n one:1"))
    .toMatchObject({ blobsPresent: 3, blobsNeeded: 4, platforms: [{ complete: false }] });
  await metadata.in({ namespace: "n" }).delete(digestOf(one.manifest.text));
  await expect.poll(() => held.rows.get("n one:1")).toMatchObject({ blobsPresent: 0, blobsNeeded: 1, platforms: [] });
});

test.each([
  ["OCI", types.index, types.manifest, types.config],
  ["Docker", types.dockerList, types.dockerManifest, types.dockerConfig],
])("of an index of %s, a platform that was not fetched is no lack", async (_, indexType, manifestType, configType) => {
  const { metadata } = await openTestMetadata();
  const of = (architecture: string, variant?: string) => {
    const conf = { ...config(architecture), mediaType: configType };
    const own = layer(`layer of ${architecture}`);
    const platform = { os: "linux", architecture, ...(variant && { variant }) };
    return { own, conf, manifest: { ...manifest(conf, [own], manifestType), platform } };
  };
  const [amd, arm, arm64] = [of("amd64"), of("arm", "v7"), of("arm64", "v8")];
  const all = index([amd.manifest, arm.manifest, arm64.manifest], indexType);
  await store(metadata, "n", all, arm.manifest, arm.conf, arm.own);
  await tag(metadata, "multi:1", all);
  const held = followImages(openCatalog(metadata));
  const row = () => held.rows.get("n multi:1");
  await expect.poll(row).toMatchObject({
    platforms: [
      { platform: "linux/amd64", complete: false },
      { platform: "linux/arm/v7", complete: true },
      { platform: "linux/arm64", complete: false },
    ],
    blobsPresent: 4,
    blobsNeeded: 4,
  });
  await store(metadata, "n", amd.manifest);
  await expect.poll(row).toMatchObject({ blobsPresent: 5, blobsNeeded: 7 });
  await store(metadata, "n", amd.conf, amd.own);
  await expect.poll(row).toMatchObject({
    platforms: [{ complete: true }, { complete: true }, { complete: false }],
    blobsPresent: 7,
    blobsNeeded: 7,
  });
});

test("what an index attests is told by its predicate types, and is no platform", async () => {
  const { metadata } = await openTestMetadata();
  const one = image("one");
  const predicate = (type: string) =>
    named("application/vnd.in-toto+json", `statement ${type}`, { annotations: { "in-toto.io/predicate-type": type } });
  const statements = [predicate("https://spdx.dev/Document"), predicate("https://slsa.dev/provenance/v0.2")];
  const attestation = {
    ...manifest(config("unknown", { os: "unknown" }), statements),
    platform: { os: "unknown", architecture: "unknown" },
    annotations: { "vnd.docker.reference.type": "attestation-manifest" },
  };
  const main = { ...one.manifest, platform: { os: "linux", architecture: "amd64" } };
  const all = index([main, attestation]);
  await store(metadata, "n", all, main, one.config, one.base, one.own, attestation, ...statements);
  await tag(metadata, "one:1", all);
  const held = followImages(openCatalog(metadata));
  await expect
    .poll(() => held.rows.get("n one:1"))
    .toMatchObject({
      platforms: [{ platform: "linux/amd64", complete: true }],
      predicateTypes: ["https://slsa.dev/provenance/v0.2", "https://spdx.dev/Document"],
      blobsPresent: 8,
      blobsNeeded: 9,
    });
});

test.each([
  ["no JSON", "{"],
  ["no object", "[1, null]"],
  [
    "fields of other kinds",
    JSON.stringify({ config: "x", layers: { digest: 5 }, manifests: [null, 7, { digest: "nonsense" }] }),
  ],
])("a document that is %s names nothing", async (_, text) => {
  const { metadata } = await openTestMetadata();
  const bad = [named(types.index, text), named(types.manifest, `${text} `)];
  await store(metadata, "n", ...bad);
  for (const [number, each] of bad.entries()) await tag(metadata, `bad:${number}`, each);
  const held = followImages(openCatalog(metadata));
  const nothing = { platforms: [], blobsPresent: 1, blobsNeeded: 1, truncated: false };
  await expect.poll(() => [...held.rows.values()]).toMatchObject([nothing, nothing]);
});

test("a document that is too large, or names too many blobs, makes its image truncated", async () => {
  const { metadata } = await openTestMetadata();
  const huge = named(types.manifest, JSON.stringify({ padding: "x".repeat(8 * 1024 * 1024), layers: [] }));
  const layers = Array.from({ length: 10_001 }, (_, number) => layer(`layer ${number}`));
  const wide = manifest(config("amd64"), layers);
  await store(metadata, "n", huge, wide);
  await tag(metadata, "huge:1", huge);
  await tag(metadata, "wide:1", wide);
  const held = followImages(openCatalog(metadata));
  await expect.poll(() => held.rows.get("n huge:1")).toMatchObject({ blobsNeeded: 1, truncated: true });
  await expect
    .poll(() => held.rows.get("n wide:1"))
    .toMatchObject({ blobsPresent: 1, blobsNeeded: 10_000, truncated: true });
});

test("a stream tells the namespaces that it names, all of them, or that of its call", async () => {
  const { metadata } = await openTestMetadata();
  for (const namespace of ["a", "b", "c"]) await tag(metadata, "one:1", image("one").manifest, namespace);
  const catalog = openCatalog(metadata);
  const all = followImages(catalog);
  const two = followImages(catalog, { namespaces: ["a", "c"] });
  const called = followImages(catalog, { namespaces: [], namespace: "b" });
  const unknown = followImages(catalog, { namespaces: ["nowhere"] });
  await expect.poll(() => [all, two, called, unknown].every(({ complete }) => complete)).toBe(true);
  expect([...all.rows.keys()].sort()).toEqual(["a one:1", "b one:1", "c one:1"]);
  expect([...two.rows.keys()].sort()).toEqual(["a one:1", "c one:1"]);
  expect([...called.rows.keys()]).toEqual(["b one:1"]);
  expect(unknown.rows.size).toBe(0);
  await tag(metadata, "new:1", image("one").manifest, "nowhere");
  await expect.poll(() => [unknown.rows.size, all.rows.size]).toEqual([1, 4]);
  expect(two.rows.size).toBe(2);
});

test("a stream without any namespace, or with a bad one, is refused", async () => {
  const { metadata } = await openTestMetadata();
  const catalog = openCatalog(metadata);
  const options = { stopping: new AbortController().signal, signal: new AbortController().signal };
  const open = (namespaces: readonly string[]) =>
    catalog.images({ namespaces, namespace: undefined, follow: false }, options);
  expect(() => open([])).toThrow("namespace is required");
  expect(() => open(["*", "a"])).toThrow("stands alone");
  expect(() => open(["a b"])).toThrow("a b");
});

test("a reader that falls behind holds little, and gets the set again once it reads", async () => {
  const { metadata } = await openTestMetadata();
  const gone = new AbortController();
  onTestFinished(() => gone.abort());
  const options = { stopping: new AbortController().signal, signal: gone.signal };
  const slow = openCatalog(metadata, { pendingKeys: 20 });
  const events = slow.images({ namespaces: ["n"], namespace: undefined, follow: true }, options);
  const next = async () => (await events.next()).value ?? expect.fail("the stream ended");
  for (let event = await next(); event.kind !== "bookmark"; event = await next());

  // Its rows are those that wait for the reader.
  const others = followImages(slow);
  const names = Array.from({ length: 100 }, (_, number) => `image-${number}:1`);
  await Promise.all(names.map((name) => tag(metadata, name, image(name).manifest)));
  await expect.poll(() => others.rows.size).toBe(100);

  const reasons: string[] = [];
  const held = new Set<string>();
  while (held.size < 100) {
    const event = await next();
    if (event.kind === "begin") {
      reasons.push(event.reason);
      held.clear();
    }
    if (event.kind === "images") for (const row of event.images) held.add(row.image.name);
  }
  expect(new Set(reasons)).toEqual(new Set(["overflow"]));
});
