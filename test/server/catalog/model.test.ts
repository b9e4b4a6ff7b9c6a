import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isKind } from "../../../content/errors.ts";
import { digestOf, openTestMetadata, put } from "../metadata/support.ts";
import { config, followImages, index, manifest, named, openCatalog, types } from "./support.ts";

const [amd, arm] = [config("amd64"), config("arm64")];
const layers = ["base", "one", "two"].map((text) => named(types.layer, text));
const [base, one, two] = layers as [(typeof layers)[0], (typeof layers)[0], (typeof layers)[0]];
const first = manifest(amd, [base, one]);
const second = manifest(arm, [base, two]);
const both = index([{ ...first, platform: { os: "linux", architecture: "amd64" } }, second]);
const blobs = [amd, arm, base, one, two, first, second, both];
const targets = [first, second, both];

const namespace = fc.constantFrom("n", "m");
const name = fc.constantFrom("a:1", "a:2", "b:1", "b");
const operation = fc.oneof(
  fc.record({ kind: fc.constant("put" as const), namespace, blob: fc.constantFrom(...blobs) }),
  fc.record({ kind: fc.constant("delete" as const), namespace, blob: fc.constantFrom(...blobs) }),
  fc.record({ kind: fc.constant("tag" as const), namespace, name, target: fc.constantFrom(...targets) }),
  fc.record({ kind: fc.constant("untag" as const), namespace, name }),
);

type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;
type Opened = Awaited<ReturnType<typeof openTestMetadata>>["metadata"];

async function apply(metadata: Opened, each: Operation): Promise<void> {
  const scope = { namespace: each.namespace };
  if (each.kind === "put") await put(metadata, each.namespace, each.blob.text);
  if (each.kind === "delete") await metadata.in(scope).delete(digestOf(each.blob.text));
  if (each.kind === "untag") await metadata.images.delete(scope, each.name);
  if (each.kind !== "tag") return;
  const { mediaType, text } = each.target;
  const target = { mediaType, digest: digestOf(text), size: text.length, annotations: {} };
  const draft = { name: each.name, labels: {}, target };
  await metadata.images.create(scope, draft).catch(() => metadata.images.update(scope, draft));
}

test("whatever happens, a reader comes to hold what one who begins anew is told", async () => {
  const { metadata } = await openTestMetadata();
  const held = followImages(openCatalog(metadata));
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 40 }), async (operations) => {
      for (const each of operations) {
        await apply(metadata, each).catch((error: unknown) => {
          if (!isKind(error, "not-found") && !isKind(error, "already-exists")) throw error;
        });
      }
      const anew = followImages(openCatalog(metadata));
      await expect.poll(() => anew.complete).toBe(true);
      const sorted = <Row>(rows: ReadonlyMap<string, Row>) => [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
      await expect.poll(() => sorted(held.rows)).toEqual(sorted(anew.rows));
      await expect.poll(() => sorted(held.repositories)).toEqual(sorted(anew.repositories));
      anew.stop();
    }),
    { numRuns: 40 },
  );
});
