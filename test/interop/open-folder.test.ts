import { stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Digest } from "../../content/digest.ts";
import { hexOf } from "../../content/digest.ts";
import { openOciLayoutSource } from "../../server/stores/oci-layout/source.ts";
import { followImages, openCatalog } from "../server/catalog/support.ts";
import { openTestMirror } from "../server/mirror/support.ts";
import { digestOf, digests, get } from "../suite/support.ts";
import { writePlatforms } from "../support/archives.ts";
import { createLog } from "../support/log.ts";
import { writeArchive } from "../support/oci-archive.ts";
import { run } from "../support/run.ts";
import { makeTempDir } from "../support/temp-dir.ts";

/** Copy an image with all of its platforms, as people do. */
async function skopeoCopy(from: string, to: string): Promise<void> {
  const { status, stderr } = await run("skopeo", ["--insecure-policy", "copy", "--quiet", "--all", from, to]);
  if (status !== 0) throw new Error(stderr);
}

test("a folder that skopeo writes shows its images with their platforms and sizes, also those that come later", async () => {
  const files = await makeTempDir();
  const root = join(files, "app");
  const many = await writePlatforms(join(files, "many.tar"), "example.com/many:1", ["linux/amd64", "linux/arm64"]);
  const tiny = await writeArchive(join(files, "tiny.tar"), "example.com/tiny:1", "tiny\n");
  await skopeoCopy(`oci-archive:${join(files, "many.tar")}`, `oci:${root}:v1`);

  const { mirror } = await openTestMirror({ source: openOciLayoutSource(root, { logger: createLog().logger }) });
  await mirror.ready();
  const content = mirror.in({ namespace: "default" });
  const sizeOf = async (wanted: readonly Digest[]) => {
    const sizes = await Promise.all(wanted.map((digest) => stat(join(root, "blobs", "sha256", hexOf(digest)))));
    return sizes.reduce((sum, { size }) => sum + size, 0);
  };
  const held = followImages(openCatalog(mirror));
  const row = (name: string) => held.rows.get(`default ${name}`);
  const all = await digests(content);
  const ofMany = new Set([
    many.index,
    ...Object.values(many.images).flatMap((one) => [one.manifest, one.config, ...one.layers]),
  ]);
  expect(all).toEqual([...ofMany].toSorted());
  await expect
    .poll(() => row("app:v1"))
    .toMatchObject({
      image: { target: { digest: many.index } },
      platforms: [
        { platform: "linux/amd64", complete: true },
        { platform: "linux/arm64", complete: true },
      ],
      blobsPresent: ofMany.size,
      blobsNeeded: ofMany.size,
      bytes: await sizeOf(all),
      uniqueBytes: await sizeOf(all),
    });
  for (const digest of all) expect(digestOf(await get(content, digest))).toBe(digest);

  await skopeoCopy(`oci-archive:${join(files, "tiny.tar")}`, `oci:${root}:example.com/tiny:1`);
  const ofTiny = [tiny.manifest, tiny.config, tiny.layer];
  await expect
    .poll(() => row("example.com/tiny:1"))
    .toMatchObject({
      platforms: [{ platform: "linux/amd64", complete: true }],
      blobsPresent: 3,
      blobsNeeded: 3,
      bytes: await sizeOf(ofTiny),
    });
  expect(await mirror.catalog.hold("default", tiny.manifest)).toMatchObject({
    state: "held",
    holders: [{ kind: "image", key: "example.com/tiny:1" }],
  });
  expect(held.repositories.get("default app")).toMatchObject({ images: 1 });
});
