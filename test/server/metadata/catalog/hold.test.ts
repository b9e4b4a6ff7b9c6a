import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Digest } from "../../../../content/digest.ts";
import type { Labels } from "../../../../content/store.ts";
import type { Metadata } from "../../../../server/metadata/metadata.ts";
import { held, refs, startLeases, tag, times } from "../collection/support.ts";
import { digestOf, openTestMetadata, put } from "../support.ts";

const holdOf = (metadata: Metadata, text: string) => metadata.catalog.hold("n", digestOf(text));

test("an image, a lease, a root and an ingest are told with their distance, the image first", async () => {
  const { metadata } = await openTestMetadata();
  await put(metadata, "n", "layer");
  const manifest = await put(metadata, "n", "manifest", refs(digestOf("layer")));
  await put(metadata, "n", "root", { ...refs(digestOf("layer")), "containerd.io/gc.root": "x" });
  await metadata.leases.create("n", "pull", {});
  await metadata.leases.addResource("n", "pull", { type: "content", id: digestOf("layer") });
  await using writer = await metadata
    .in({ namespace: "n" })
    .writer({ ref: "again", descriptor: { digest: digestOf("not there yet") } });
  await put(metadata, "n", "other", { "containerd.io/gc.bref.content": digestOf("not there yet") });
  await tag(metadata, "alpine", manifest);
  expect(await holdOf(metadata, "layer")).toEqual({
    state: "held",
    holders: [
      { kind: "image", key: "alpine", distance: 2 },
      { kind: "lease", key: "pull", distance: 1 },
      { kind: "root", key: digestOf("root"), distance: 2 },
    ],
    complete: true,
  });
  expect(await holdOf(metadata, "root")).toMatchObject({ holders: [{ kind: "root", distance: 1 }] });
  expect(await holdOf(metadata, "other")).toEqual({
    state: "held",
    holders: [{ kind: "ingest", key: "again", distance: 2 }],
    complete: true,
  });
  expect(writer.ref).toBe("again");
});

test("a blob that nothing holds is doomed where the namespace is collected, and kept where it is not", async () => {
  const { metadata } = await openTestMetadata();
  await put(metadata, "n", "hello");
  expect(await holdOf(metadata, "hello")).toEqual({ state: "kept", holders: [], complete: true });
  await startLeases(metadata);
  expect(await holdOf(metadata, "hello")).toEqual({ state: "doomed", holders: [], complete: true });
});

test("a blob that the namespace does not have is not found", async () => {
  const { metadata } = await openTestMetadata();
  await put(metadata, "other", "hello");
  await expect(holdOf(metadata, "hello")).rejects.toMatchObject({ kind: "not-found" });
});

test("of very many holders a hundred are told, and that there are more", async () => {
  const { metadata } = await openTestMetadata();
  const digest = await put(metadata, "n", "hello");
  await Promise.all(Array.from({ length: 150 }, (_, number) => tag(metadata, `image-${number}`, digest)));
  await metadata.leases.create("n", "pull", {});
  const { state, holders, complete } = await holdOf(metadata, "hello");
  expect([state, holders.length, complete]).toEqual(["held", 100, false]);
  expect(new Set(holders.map(({ kind }) => kind))).toEqual(new Set(["image"]));
});

test("a way up that is too long is not followed to its end, and calls nothing doomed", async () => {
  const { metadata } = await openTestMetadata();
  await startLeases(metadata);
  await put(metadata, "n", "leaf");
  for (let parent = 0; parent < 11; parent += 1) {
    const above = Array.from({ length: 940 }, (_, number) => [
      `containerd.io/gc.bref.content.${number}`,
      digestOf(`above ${parent} ${number}`),
    ]);
    await put(metadata, "n", `parent ${parent}`, { ...refs(digestOf("leaf")), ...Object.fromEntries(above) });
  }
  expect(await holdOf(metadata, "leaf")).toEqual({ state: "held", holders: [], complete: false });
});

/** Few things, so that they lead to each other often. */
const count = 6;
const text = fc.integer({ min: 0, max: count - 1 }).map((number) => `blob ${number}`);
const imageName = fc.constantFrom("image-a", "image-b", "image-c");
const label = fc.oneof(
  fc.record({ key: fc.constantFrom("ref.content.a", "ref.content.b", "bref.content.a"), value: text.map(digestOf) }),
  fc.record({ key: fc.constantFrom("ref.image.a", "bref.image.a"), value: imageName.map(String) }),
  fc.record({ key: fc.constant("root"), value: fc.constant("x") }),
);
const labels = fc
  .array(label, { maxLength: 2 })
  .map((each): Labels => Object.fromEntries(each.map(({ key, value }) => [`containerd.io/gc.${key}`, value])));
const expiry = fc.constantFrom<Labels>(
  {},
  {},
  { "containerd.io/gc.expire": times.past },
  { "containerd.io/gc.expire": times.future },
);
const flat = fc.constantFrom<Labels>({}, { "containerd.io/gc.flat": "x" });
const resource = fc.oneof(
  fc.record({ type: fc.constant("content"), id: text.map(String).map(digestOf) }),
  fc.record({ type: fc.constant("images"), id: imageName }),
);
const graph = fc.record({
  blobs: fc.array(labels, { minLength: count, maxLength: count }),
  images: fc.uniqueArray(fc.record({ name: imageName, target: text, expiry, more: labels }), {
    selector: ({ name }) => name,
    maxLength: 2,
  }),
  leases: fc.array(fc.record({ expiry, flat, resources: fc.array(resource, { maxLength: 2 }) }), { maxLength: 2 }),
  ingests: fc.uniqueArray(fc.record({ expected: text, leased: fc.option(fc.nat(1)), open: fc.boolean() }), {
    selector: ({ expected }) => expected,
    maxLength: 1,
  }),
});

type Graph = typeof graph extends fc.Arbitrary<infer T> ? T : never;

/** Make all of a graph in a namespace. @returns it lets go of the ingests that are open */
async function build(
  metadata: Metadata,
  namespace: string,
  { blobs, images, leases, ingests }: Graph,
): Promise<AsyncDisposable> {
  const open = new AsyncDisposableStack();
  await startLeases(metadata, namespace);
  for (const [number, lease] of leases.entries()) {
    await metadata.leases.create(namespace, `lease-${number}`, { ...lease.expiry, ...lease.flat });
    const added = lease.resources.map((each) => metadata.leases.addResource(namespace, `lease-${number}`, each));
    await Promise.all(added);
  }
  // What they are to become comes by another way.
  for (const { expected, leased, open: stays } of ingests) {
    const lease = leased !== null && leased < leases.length ? { lease: `lease-${leased}` } : {};
    const wanted = { ref: `ingest of ${expected}`, descriptor: { digest: digestOf(expected) } };
    const writer = await metadata.in({ namespace, ...lease }).writer(wanted);
    if (stays) open.use(writer);
    else await writer.close();
  }
  const made = blobs.map((each, number) => put(metadata, namespace, `blob ${number}`, each));
  await Promise.all(made);
  for (const { name, target, expiry: expires, more } of images) {
    const draft = { mediaType: "application/json", digest: digestOf(target), size: 1, annotations: {} };
    await metadata.images.create({ namespace }, { name, labels: { ...more, ...expires }, target: draft });
  }
  return open;
}

test("what it calls doomed is gone after a collection, and what it calls held stays", async () => {
  const { metadata } = await openTestMetadata();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(graph, async (made) => {
      runs += 1;
      const namespace = `n${runs}`;
      await using _open = await build(metadata, namespace, made);
      const stays: Digest[] = [];
      for (const digest of await held(metadata, namespace)) {
        const { state, holders, complete } = await metadata.catalog.hold(namespace, digest);
        expect([complete, state]).toEqual([true, holders.length > 0 ? "held" : "doomed"]);
        if (state === "held") stays.push(digest);
      }
      await metadata.collect();
      expect(await held(metadata, namespace)).toEqual(stays);
    }),
    { numRuns: 60 },
  );
});
