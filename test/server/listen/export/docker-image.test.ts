import { expect, test } from "vitest";
import { partsOf } from "../../../../server/catalog/images/parts.ts";
import { dockerImageIn } from "../../../../server/listen/export/docker-image.ts";
import type { Named } from "../../catalog/support.ts";
import { config, index, manifest, named, store, tag, types } from "../../catalog/support.ts";
import { digestOf, openTestMetadata } from "../../metadata/support.ts";

/** What Docker finds in an archive of an image. */
async function dockerImageOf(root: Named, ...others: readonly Named[]) {
  const { metadata } = await openTestMetadata();
  await store(metadata, "n", root, ...others);
  await tag(metadata, "example.com/app:1", root);
  const { parts } = await partsOf(metadata.catalog, "n", await metadata.images.get("n", "example.com/app:1"));
  return await dockerImageIn(metadata.catalog, parts);
}

const [amd, arm] = [config("amd64"), config("arm64")];
const [base, top] = [named(types.layer, "base"), named(types.layer, "top")];

test("an image's layers are in its order, each as often as it names it", async () => {
  const image = manifest(amd, [base, top, base]);
  const found = { config: digestOf(amd.text), layers: [base, top, base].map(({ text }) => digestOf(text)) };
  expect(await dockerImageOf(image, amd, base, top)).toEqual(found);
  const attested = { "vnd.docker.reference.type": "attestation-manifest" };
  const statement = { ...manifest(arm, [named("application/vnd.in-toto+json", "{}")]), annotations: attested };
  expect(await dockerImageOf(index([image, statement]), image, statement, amd, arm, base, top)).toEqual(found);
});

test.for<[string, readonly [Named, ...Named[]]]>([
  [
    "several platforms",
    [
      index([manifest(amd, [base]), manifest(arm, [base])]),
      manifest(amd, [base]),
      manifest(arm, [base]),
      amd,
      arm,
      base,
    ],
  ],
  ["no platform", [index([])]],
  ["an artifact", [manifest(named("application/vnd.example", "{}"), [base]), base]],
  ["layers that are none", [manifest(amd, [named("application/vnd.example", "text")]), amd]],
  ["a manifest that is none", [named(types.manifest, "text")]],
])("of %s Docker finds none", async ([, blobs]) => {
  expect(await dockerImageOf(...blobs)).toBeUndefined();
});
