import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { ImageDraft } from "../../../content/image.ts";
import { listDifferences, listOtherDigests } from "../../../content/remote/compare.ts";
import { createImage, listImages } from "../../../content/remote/images.ts";
import { listLeases } from "../../../content/remote/leases.ts";
import { sha256 } from "../services/calls.ts";
import { digestsIn } from "../store-set/several.ts";
import { putLabelled, serveSides, serveWithNode, side } from "./sides.ts";

const type = "application/vnd.oci.image.manifest.v1+json";

const draft = (name: string, digest: string, size: number): ImageDraft => {
  return { name, labels: {}, target: { mediaType: type, digest, size, annotations: {} } };
};

/** A manifest of a config and a layer, and an index of that: what names others has no label that says so, as by `ctr content ingest`. */
function documents(layer: string, config: string) {
  const of = (text: string, mediaType: string) => ({ digest: sha256(text), size: text.length, mediaType });
  const manifest = JSON.stringify({ schemaVersion: 2, config: of(config, "c"), layers: [of(layer, "l")] });
  const index = JSON.stringify({ schemaVersion: 2, manifests: [of(manifest, type)] });
  return { manifest, index };
}

test("two stores of a server are parted, counted, and told in pages by size and by digest", async () => {
  const served = await serveSides();
  const [own, second] = [served.in("", "n"), served.in("second", "n")];
  for (const text of ["a", "bb", "shared", "ccc"]) await putLabelled(own, text);
  for (const text of ["shared", "on the other side"]) await putLabelled(second, text);
  const report = await served.compare(side("", "n"), side("second"));
  expect(report.totals).toEqual({
    "only-a": { blobs: 3, bytes: 6 },
    both: { blobs: 1, bytes: 6 },
    "only-b": { blobs: 1, bytes: 17 },
  });
  expect(report.namespaces).toEqual({ a: ["n"], b: ["n"] });
  expect(Math.abs(Date.now() - report.asOf.a.getTime())).toBeLessThan(30_000);

  const page = (orderBy: string, more: object = {}) =>
    listDifferences(served.web, { report: report.id, part: "only-a", orderBy, ...more });
  const bySize = await page("");
  expect(bySize.rows.map(({ size, namespace }) => [size, namespace])).toEqual([
    [3, "n"],
    [2, "n"],
    [1, "n"],
  ]);
  expect([bySize.total, bySize.nextToken]).toEqual([3, ""]);
  const digests = ["a", "bb", "ccc"].map(sha256).toSorted();
  const byDigest = async (more: object) => (await page("digest", more)).rows.map(({ digest }) => digest);
  expect(await byDigest({})).toEqual(digests);
  expect(await byDigest({ skip: 1, size: 1 })).toEqual([digests[1]]);
  expect((await page("size desc", { size: 2, skip: 2 })).rows.map(({ size }) => size)).toEqual([1]);
  expect((await page("size")).rows.map(({ size }) => size)).toEqual([1, 2, 3]);
  expect((await page("digest desc")).rows.map(({ digest }) => digest)).toEqual(digests.toReversed());

  const first = await page("size", { size: 2 });
  const next = await page("size", { size: 2, token: first.nextToken });
  expect([...first.rows, ...next.rows].map(({ size }) => size)).toEqual([1, 2, 3]);
  expect(next.nextToken).toBe("");
  await expect(page("digest", { token: first.nextToken })).rejects.toMatchObject({ kind: "invalid-argument" });
  await expect(page("created_at")).rejects.toMatchObject({ kind: "invalid-argument" });

  const folder = join(dirname(served.hub.socket), "compare");
  expect(await readdir(folder)).toEqual([`${report.id}.db`]);
  await served.hub.running.close(0);
  expect(existsSync(folder)).toBe(false);
});

test("names that stand for other digests are told, and those that one side has alone are counted", async () => {
  const { web, ...served } = await serveWithNode();
  const one = await putLabelled(served.in("", "n"), "one");
  const other = await putLabelled(served.in("far", "n"), "other");
  await createImage(web, { namespace: "n" }, draft("app:1", one, 3));
  await createImage(web, { namespace: "n" }, draft("app:2", one, 3));
  await createImage(web, { namespace: "n", store: "far" }, draft("app:1", other, 5));
  const report = await served.compare(side("", "n"), side("far", "n"));
  expect(report.images).toEqual({ otherDigests: 1, onlyA: 1, onlyB: 0 });
  expect((await listOtherDigests(web, { report: report.id })).rows).toEqual([
    { name: "app:1", a: { digest: one, namespace: "n" }, b: { digest: other, namespace: "n" } },
  ]);
});

test("what is missing is copied to a node byte for byte, with what names it, under no lease where nothing is collected", async () => {
  const { manifest, index } = documents("layer", "config");
  const served = await serveWithNode();
  const [own, far] = [served.in("", "n"), served.in("far", "m")];
  const labels = {
    "containerd.io/gc.ref.content.config": sha256("config"),
    "containerd.io/gc.root": "now",
    "containerd.io/distribution.source.example": "app",
  };
  for (const text of ["layer", "config", index]) await putLabelled(own, text);
  await putLabelled(own, manifest, labels);
  await putLabelled(far, "layer");
  const report = await served.compare(side("", "n"), side("far", "m"));
  const bytes = manifest.length + index.length + "config".length;
  expect(report.totals["only-a"]).toEqual({ blobs: 3, bytes });

  const end = await served.copy({ report: report.id, to: "b" });
  expect(end).toMatchObject({
    copied: { blobs: 3, bytes },
    present: { blobs: 0, bytes: 0 },
    failed: { blobs: 0, bytes: 0 },
    complete: true,
    givenUp: "",
  });
  expect(end.lease).toBeUndefined();
  expect(await digestsIn(far)).toEqual(await digestsIn(own));
  const { labels: kept } = await far.info(sha256(manifest));
  expect(kept).toEqual({
    "containerd.io/gc.ref.content.config": sha256("config"),
    "containerd.io/distribution.source.example": "app",
  });
  const again = await served.compare(side("", "n"), side("far", "m"));
  expect(again.totals["only-a"].blobs).toBe(0);
  expect((await served.copy({ report: report.id, to: "b" })).present.blobs).toBe(3);
});

test("of what is missing one blob can be chosen, and a namespace that is collected holds it by a lease", async () => {
  const served = await serveSides();
  const [own, second] = [served.in("", "n"), served.in("second", "n")];
  const wanted = await putLabelled(own, "wanted");
  await putLabelled(own, "not wanted");
  await createImage(served.web, { namespace: "n", store: "second" }, draft("kept:1", sha256("x"), 1));
  const report = await served.compare(side("", "n"), side("second", "n"));
  const end = await served.copy({ report: report.id, to: "b", digests: [wanted, sha256("of no side")] });
  expect(end.copied).toEqual({ blobs: 1, bytes: 6 });
  expect(await digestsIn(second)).toEqual([wanted]);
  const [lease] = await listLeases(served.web, { namespace: "n", store: "second" });
  expect(end.lease?.id).toBe(lease?.id);
  expect(end.lease?.expiresAt.toISOString()).toBe(lease?.labels["containerd.io/gc.expire"]);
});

test("names of images come too where they are asked for, and never begin a collection of what is there", async () => {
  const served = await serveWithNode();
  const manifest = await putLabelled(served.in("", "n"), "manifest");
  await createImage(served.web, { namespace: "n" }, draft("app:1", manifest, 8));
  await createImage(served.web, { namespace: "n" }, draft("lost:1", sha256("nowhere"), 8));
  const report = await served.compare(side("", "n"), side("far"));
  await expect(served.copy({ report: report.id, to: "b" })).rejects.toMatchObject({
    kind: "invalid-argument",
    message: "say which namespace of far is copied to",
  });
  const end = await served.copy({ report: report.id, to: "b", namespace: "fresh", withImages: true });
  expect(end).toMatchObject({ images: 1, failedImages: 1, lease: { id: expect.stringMatching(/^stowage-copy-/) } });
  const images = await listImages(served.web, { namespace: "fresh", store: "far" });
  expect(images.map(({ name, target }) => [name, target.digest])).toEqual([["app:1", manifest]]);

  await putLabelled(served.in("far", "kept"), "nobody holds this");
  await expect(served.copy({ report: report.id, to: "b", namespace: "kept", withImages: true })).rejects.toMatchObject({
    kind: "failed-precondition",
    message: expect.stringContaining("copy without the names"),
  });
});

test("a blob that cannot be copied is told with its side, and what names it is left out, and the others come", async () => {
  const { manifest, index } = documents("layer", "config");
  const served = await serveSides();
  const own = served.in("", "n");
  for (const text of ["layer", "config", manifest, index, "beside"]) await putLabelled(own, text);
  const report = await served.compare(side("", "n"), side("second", "n"));
  await own.delete(sha256("layer"));
  const end = await served.copy({ report: report.id, to: "b", namespace: "n" });
  const reasons = new Map(end.failures.map(({ digest, reason }) => [digest, reason]));
  expect(reasons).toEqual(
    new Map([
      [sha256("layer"), expect.stringMatching(/^local\/n: content .*not found$/)],
      [sha256(manifest), `second/n: it names ${sha256("layer")}, which could not be copied: failed precondition`],
      [sha256(index), `second/n: it names ${sha256(manifest)}, which could not be copied: failed precondition`],
    ]),
  );
  expect(end).toMatchObject({ copied: { blobs: 2 }, failed: { blobs: 3 }, complete: true });
  expect(await digestsIn(served.in("second", "n"))).toEqual([sha256("beside"), sha256("config")].toSorted());
});

test("a side that does not answer is one line that names it, and a store that may not be changed is not copied to", async () => {
  const served = await serveWithNode({});
  await putLabelled(served.in("", "n"), "blob");
  const report = await served.compare(side("", "n"), side("far", "n"));
  await expect(served.copy({ report: report.id, to: "b" })).rejects.toMatchObject({
    kind: "permission-denied",
    message: expect.stringContaining("store far is opened read-only"),
  });
  await served.node.running.close(0);
  await expect(served.compare(side("", "n"), side("far", "n"))).rejects.toMatchObject({
    kind: "unavailable",
    message: expect.stringMatching(/^far\/n: .*nobody listens there/),
  });
  await expect(served.compare(side("nowhere"), side(""))).rejects.toMatchObject({ kind: "not-found" });
  await expect(served.compare(side("", "no/such"), side(""))).rejects.toMatchObject({ kind: "invalid-argument" });
});
