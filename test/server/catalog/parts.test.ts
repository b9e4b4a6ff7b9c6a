import { expect, test } from "vitest";
import { missingOf, partsOf } from "../../../server/catalog/images/parts.ts";
import { digestOf, openTestMetadata } from "../metadata/support.ts";
import { config, followImages, index, manifest, named, openCatalog, store, tag, types } from "./support.ts";

const layer = (text: string) => named(types.layer, text);

async function lackOf(metadata: Parameters<typeof store>[0], name: string) {
  return missingOf(await partsOf(metadata.catalog, "n", await metadata.images.get("n", name)));
}

test("an image says which blobs it lacks, of what type and size, and which platforms need them", async () => {
  const { metadata } = await openTestMetadata();
  const base = layer("shared by both");
  const [amd, arm] = [config("amd64"), config("arm64")];
  const [amdManifest, armManifest] = [manifest(amd, [base]), manifest(arm, [base, layer("arm alone")])];
  const platform = (architecture: string) => ({ platform: { os: "linux", architecture } });
  const root = index([
    { ...amdManifest, ...platform("amd64") },
    { ...armManifest, ...platform("arm64") },
    named(types.manifest, "never fetched", platform("s390x")),
  ]);
  await tag(metadata, "app", root);
  expect(await lackOf(metadata, "app")).toEqual({
    blobs: [{ digest: digestOf(root.text), mediaType: types.index, size: root.text.length, platforms: [] }],
    count: 1,
    truncated: false,
  });

  await store(metadata, "n", root, amdManifest, armManifest, amd);
  const held = followImages(openCatalog(metadata));
  await expect.poll(() => held.rows.get("n app")).toMatchObject({ blobsPresent: 4, blobsNeeded: 7 });
  expect(await lackOf(metadata, "app")).toEqual({
    blobs: [
      { digest: digestOf(base.text), mediaType: types.layer, size: 14, platforms: ["linux/amd64", "linux/arm64"] },
      { digest: digestOf(arm.text), mediaType: types.config, size: arm.text.length, platforms: ["linux/arm64"] },
      { digest: digestOf("arm alone"), mediaType: types.layer, size: 9, platforms: ["linux/arm64"] },
    ],
    count: 3,
    truncated: false,
  });
});

test("of very many missing blobs the first are told, and how many there are", async () => {
  const { metadata } = await openTestMetadata();
  const conf = config("amd64");
  const many = manifest(
    conf,
    Array.from({ length: 150 }, (_, at) => layer(`layer ${at}`)),
  );
  await tag(metadata, "many", many);
  await store(metadata, "n", many, conf);
  const { blobs, count } = await lackOf(metadata, "many");
  expect([blobs.length, blobs.at(-1)?.digest, count]).toEqual([100, digestOf("layer 99"), 150]);
});
