import { expect, test } from "vitest";
import { digestOf, openTestMetadata, put } from "../metadata/support.ts";
import { config, followLeases, manifest, named, openCatalog, store, tag, types } from "./support.ts";

const refs = (...texts: readonly string[]) =>
  Object.fromEntries(texts.map((text, at) => [`containerd.io/gc.ref.content.l.${at}`, digestOf(text)]));

test("a lease is told with what it names, as this comes and goes", async () => {
  const { metadata } = await openTestMetadata();
  const held = followLeases(openCatalog(metadata));
  await expect.poll(() => held.complete).toBe(true);
  await metadata.leases.create("n", "pull", { purpose: "test" });
  await expect
    .poll(() => held.rows.get("n pull"))
    .toMatchObject({
      lease: { id: "pull", labels: { purpose: "test" } },
      blobs: 0,
      ingests: 0,
      images: 0,
      snapshots: 0,
      activeIngests: 0,
    });
  expect(held.rows.get("n pull")).not.toHaveProperty("expiresAt");
  const resources = [
    { type: "content", id: digestOf("x") },
    { type: "images", id: "alpine" },
    { type: "snapshots/overlayfs", id: "key" },
    { type: "snapshots/native", id: "key" },
  ];
  for (const resource of resources) await metadata.leases.addResource("n", "pull", resource);
  await expect.poll(() => held.rows.get("n pull")).toMatchObject({ blobs: 1, ingests: 0, images: 1, snapshots: 2 });
  await metadata.leases.deleteResource("n", "pull", { type: "images", id: "alpine" });
  await expect.poll(() => held.rows.get("n pull")).toMatchObject({ images: 0 });
  await metadata.leases.delete("n", "pull");
  await expect.poll(() => held.rows.size).toBe(0);
});

test("an ingest under a lease is active while a writer holds it", async () => {
  const { metadata } = await openTestMetadata();
  await metadata.leases.create("n", "pull", {});
  const scope = { namespace: "n", lease: "pull" };
  const first = await metadata.in(scope).writer({ ref: "before" });
  const held = followLeases(openCatalog(metadata));
  const row = () => held.rows.get("n pull");
  await expect.poll(row).toMatchObject({ ingests: 1, activeIngests: 1 });
  const second = await metadata.in(scope).writer({ ref: "after" });
  await expect.poll(row).toMatchObject({ ingests: 2, activeIngests: 2 });
  await first.close();
  await expect.poll(row).toMatchObject({ ingests: 2, activeIngests: 1 });
  await second.write(Buffer.from("hello"));
  await second.commit();
  await expect.poll(row).toMatchObject({ blobs: 1, ingests: 1, activeIngests: 0 });
  await metadata.in(scope).abort("before");
  await expect.poll(row).toMatchObject({ blobs: 1, ingests: 0, activeIngests: 0 });
});

test("a lease tells when it expires, also once that is changed, and is told to be gone once it is collected", async () => {
  const { metadata } = await openTestMetadata();
  const held = followLeases(openCatalog(metadata));
  await metadata.leases.create("n", "short", { "containerd.io/gc.expire": "2001-01-01T00:00:00Z", other: "stays" });
  await expect.poll(() => held.rows.get("n short")?.expiresAt).toEqual(new Date("2001-01-01T00:00:00Z"));
  const later = new Date("2100-02-03T04:05:06.789Z");
  await metadata.leases.extend("n", "short", later);
  await expect.poll(() => held.rows.get("n short")?.expiresAt).toEqual(later);
  expect(held.rows.get("n short")?.lease.labels).toMatchObject({ other: "stays" });
  await metadata.leases.extend("n", "short", undefined);
  await expect.poll(() => held.rows.get("n short")?.lease.labels).toEqual({ other: "stays" });
  await metadata.leases.create("n", "past", { "containerd.io/gc.expire": "2001-01-01T00:00:00Z" });
  await expect.poll(() => held.rows.size).toBe(2);
  await metadata.collect();
  await expect.poll(() => [...held.rows.keys()]).toEqual(["n short"]);
});

test("a lease weighs what it leads to, and only what nothing else keeps is its alone", async () => {
  const { metadata } = await openTestMetadata();
  await put(metadata, "n", "leaf");
  await put(metadata, "n", "shared");
  await put(metadata, "n", "parent", refs("leaf", "shared"));
  await metadata.leases.create("n", "deep", {});
  await metadata.leases.create("n", "flat", { "containerd.io/gc.flat": "x" });
  await metadata.leases.addResource("n", "deep", { type: "content", id: digestOf("parent") });
  const held = followLeases(openCatalog(metadata));
  const weights = () => [held.rows.get("n deep")?.weight, held.rows.get("n flat")?.weight];
  const none = { bytes: 0, onlyBytes: 0 };
  const whole = "leaf".length + "shared".length + "parent".length;
  await expect.poll(weights).toEqual([{ bytes: whole, onlyBytes: whole }, none]);

  await metadata.leases.addResource("n", "flat", { type: "content", id: digestOf("parent") });
  await expect.poll(weights).toEqual([
    { bytes: whole, onlyBytes: whole - "parent".length },
    { bytes: "parent".length, onlyBytes: 0 },
  ]);

  const layer = named(types.layer, "shared");
  const image = manifest(config("amd64"), [layer]);
  await put(metadata, "n", image.text, refs("shared"));
  await tag(metadata, "one:1", image);
  await expect.poll(weights).toEqual([
    { bytes: whole, onlyBytes: "leaf".length },
    { bytes: "parent".length, onlyBytes: 0 },
  ]);

  await metadata.leases.delete("n", "deep");
  const parent = "parent".length;
  await expect.poll(weights).toEqual([undefined, { bytes: parent, onlyBytes: parent }]);
});

test("an expired lease keeps nothing", async () => {
  const { metadata } = await openTestMetadata();
  await put(metadata, "n", "hello");
  await metadata.leases.create("n", "past", { "containerd.io/gc.expire": "2001-01-01T00:00:00Z" });
  await metadata.leases.addResource("n", "past", { type: "content", id: digestOf("hello") });
  const held = followLeases(openCatalog(metadata));
  await expect.poll(() => held.rows.get("n past")?.weight).toEqual({ bytes: 0, onlyBytes: 0 });
});

test("the leases of a namespace go with it", async () => {
  const { metadata } = await openTestMetadata();
  await metadata.leases.create("n", "one", {});
  await metadata.leases.create("m", "two", {});
  const held = followLeases(openCatalog(metadata));
  await expect.poll(() => held.rows.size).toBe(2);
  await metadata.namespaces.delete("n");
  await expect.poll(() => [...held.rows.keys()]).toEqual(["m two"]);
});

test("a lease cannot be extended to the past, nor one that is not there", async () => {
  const { metadata, changes } = await openTestMetadata();
  await expect(metadata.leases.extend("n", "gone", undefined)).rejects.toMatchObject({ kind: "not-found" });
  await metadata.leases.create("n", "pull", {});
  await expect(metadata.leases.extend("n", "pull", new Date(0))).rejects.toMatchObject({ kind: "invalid-argument" });
  const later = new Date("2100-01-01T00:00:00Z");
  await metadata.leases.extend("n", "pull", later);
  expect(changes.at(-1)).toMatchObject({
    kind: "lease",
    id: "pull",
    before: { labels: {} },
    after: { labels: { "containerd.io/gc.expire": later.toISOString() } },
  });
  const [lease] = await metadata.leases.list("n");
  expect(lease?.labels).toEqual({ "containerd.io/gc.expire": later.toISOString() });
});

test("what a lease holds under the name of an image weighs with it", async () => {
  const { metadata } = await openTestMetadata();
  const conf = config("amd64");
  const image = manifest(conf, []);
  await store(metadata, "n", conf);
  await put(metadata, "n", image.text, refs(conf.text));
  await tag(metadata, "one:1", image);
  await metadata.leases.create("n", "deep", {});
  await metadata.leases.create("n", "flat", { "containerd.io/gc.flat": "x" });
  for (const id of ["deep", "flat"]) await metadata.leases.addResource("n", id, { type: "images", id: "one:1" });
  const held = followLeases(openCatalog(metadata));
  const weights = () => ["n deep", "n flat"].map((name) => held.rows.get(name)?.weight);
  await expect.poll(weights).toEqual([
    { bytes: image.text.length + conf.text.length, onlyBytes: 0 },
    { bytes: image.text.length, onlyBytes: 0 },
  ]);
});
