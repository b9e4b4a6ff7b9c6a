import { expect, test } from "vitest";
import type { ImageDraft } from "../../../content/image.ts";
import { digestOf, openTestMetadata, put } from "./support.ts";

const digest = digestOf("hello");
const scope = { namespace: "n" };

function draft(changes: Partial<ImageDraft> = {}, target: Partial<ImageDraft["target"]> = {}): ImageDraft {
  return {
    name: "alpine",
    labels: {},
    ...changes,
    target: { mediaType: "application/json", digest, size: 5, annotations: {}, ...target },
  };
}

test("an image is made without its blob, found, listed in the order of names, filtered, and deleted", async () => {
  const { metadata, changes } = await openTestMetadata();
  const { images } = metadata;
  const made = await images.create(
    scope,
    draft({ labels: { team: "red", empty: "" } }, { annotations: { a: "b", c: "" } }),
  );
  expect(made).toMatchObject({ name: "alpine", labels: { team: "red" }, target: { digest, annotations: { a: "b" } } });
  expect(made.updatedAt).toEqual(made.createdAt);
  await images.create(scope, draft({ name: "Zebra" }, { mediaType: "text/plain" }));
  await images.create({ namespace: "other" }, draft());
  expect(await images.get("n", "alpine")).toEqual(made);
  expect((await images.list("n")).map(({ name }) => name)).toEqual(["Zebra", "alpine"]);
  for (const filter of ["name==alpine", "labels.team", "annotations.a==b", "target.mediatype==application/json"]) {
    expect(
      (await images.list("n", [filter])).map(({ name }) => name),
      filter,
    ).toEqual(["alpine"]);
  }
  expect(await images.list("n", [`target.digest==${digest}`])).toHaveLength(2);
  await images.delete(scope, "alpine");
  await expect(images.get("n", "alpine")).rejects.toMatchObject({ kind: "not-found", message: 'image "alpine"' });
  expect(changes.filter(({ kind }) => kind === "image")).toMatchObject([
    { namespace: "n", name: "alpine", after: made },
    { namespace: "n", name: "Zebra" },
    { namespace: "other", name: "alpine" },
    { namespace: "n", name: "alpine", before: made },
  ]);
});

test("an update without a mask replaces everything but the name and when it was made", async () => {
  const { metadata } = await openTestMetadata();
  const { images } = metadata;
  const before = await images.create(scope, draft({ labels: { a: "1" } }, { annotations: { x: "1" } }));
  const after = await images.update(scope, draft({ labels: { b: "2" } }, { size: 7, digest: digestOf("world") }));
  expect(after).toMatchObject({ labels: { b: "2" }, target: { size: 7, digest: digestOf("world"), annotations: {} } });
  expect(after.createdAt).toEqual(before.createdAt);
  expect(after.updatedAt.getTime()).toBeGreaterThanOrEqual(before.updatedAt.getTime());
  expect(await images.get("n", "alpine")).toEqual(after);
});

test.each<readonly [readonly string[], object]>([
  [["labels.a"], { labels: { a: "new", b: "old" }, target: { size: 5, annotations: { x: "old", y: "old" } } }],
  [["labels.b"], { labels: { a: "old" }, target: { size: 5 } }],
  [["labels"], { labels: { a: "new", c: "new" }, target: { size: 5 } }],
  [["annotations.x"], { labels: { a: "old", b: "old" }, target: { size: 5, annotations: { x: "new", y: "old" } } }],
  [["annotations"], { target: { size: 5, annotations: { x: "new" } } }],
  [["target"], { labels: { a: "old", b: "old" }, target: { size: 9, annotations: { x: "new" } } }],
  [["target", "labels.a", "labels.b"], { labels: { a: "new" }, target: { size: 9 } }],
])("an update of %j changes that alone", async (paths, expected) => {
  const { metadata } = await openTestMetadata();
  const { images } = metadata;
  await images.create(scope, draft({ labels: { a: "old", b: "old" } }, { annotations: { x: "old", y: "old" } }));
  const update = draft({ labels: { a: "new", c: "new" } }, { size: 9, annotations: { x: "new" } });
  expect(await images.update(scope, update, paths)).toMatchObject(expected);
  const { labels, target } = await images.get("n", "alpine");
  expect({ labels, target }).toMatchObject(expected);
  if (paths.includes("labels.b")) expect(labels).not.toHaveProperty("b");
});

test("what cannot be is refused in containerd's words, and changes nothing", async () => {
  const { metadata } = await openTestMetadata();
  const { images } = metadata;
  const made = await images.create(scope, draft());
  const refusals: readonly (readonly [() => Promise<unknown>, string, string])[] = [
    [() => images.create(scope, draft()), "already-exists", 'image "alpine"'],
    [() => images.create(scope, draft({ name: "" })), "invalid-argument", "image name must not be empty"],
    [
      () => images.create(scope, draft({ name: "b" }, { size: 0 })),
      "invalid-argument",
      "Target.Size must be greater than zero",
    ],
    [
      () => images.create(scope, draft({ name: "b" }, { mediaType: "" })),
      "invalid-argument",
      "Target.MediaType must be set",
    ],
    [
      () => images.create(scope, draft({ name: "b" }, { digest: "sha256:abc" })),
      "invalid-argument",
      'Target.Digest "sha256:abc" invalid: invalid checksum digest length',
    ],
    [
      () => images.create(scope, draft({ name: "b", labels: { k: "v".repeat(4096) } })),
      "invalid-argument",
      "image.Labels: label key and value greater than maximum size (4096 bytes), key: k",
    ],
    [() => images.update(scope, draft({ name: "" })), "invalid-argument", "image name is required for update"],
    [() => images.update(scope, draft({ name: "b" })), "not-found", 'image "b"'],
    [() => images.update(scope, draft(), ["name"]), "invalid-argument", 'cannot update "name" field on image "alpine"'],
    [
      () => images.update(scope, draft({}, { size: -1 }), ["target"]),
      "invalid-argument",
      "Target.Size must be greater than zero",
    ],
    [() => images.delete(scope, "b"), "not-found", 'image "b"'],
    [
      () => images.delete(scope, "alpine", digestOf("world")),
      "not-found",
      `image "alpine" has target ${digest}, not ${digestOf("world")}`,
    ],
    [() => images.list("n", ["name="]), "invalid-argument", expect.stringContaining("filters: parse error")],
  ];
  for (const [act, kind, message] of refusals) await expect(act()).rejects.toMatchObject({ kind, message });
  expect(await images.list("n")).toEqual([made]);
});

test("a delete that names the right target removes the image", async () => {
  const { metadata } = await openTestMetadata();
  await metadata.images.create(scope, draft());
  await metadata.images.delete(scope, "alpine", digest);
  expect(await metadata.images.list("n")).toEqual([]);
});

test("the time that a caller gives stands for the time of the call", async () => {
  const { metadata } = await openTestMetadata();
  const [at, later] = [new Date("2001-02-03T04:05:06Z"), new Date("2002-02-03T04:05:06Z")];
  expect(await metadata.images.create(scope, draft(), at)).toMatchObject({ createdAt: at, updatedAt: at });
  expect(await metadata.images.update(scope, draft(), [], later)).toMatchObject({ createdAt: at, updatedAt: later });
});

test("an image that expires joins the lease of its call, which must be there; another one does not ask", async () => {
  const { metadata } = await openTestMetadata();
  const { images, leases } = metadata;
  await leases.create("n", "l", {});
  const expiring = { "containerd.io/gc.expire": "2100-01-01T00:00:00Z" };
  await images.create({ namespace: "n", lease: "l" }, draft({ labels: expiring }));
  expect(await leases.resources("n", "l")).toEqual([{ type: "images", id: "alpine" }]);
  await images.create({ namespace: "n", lease: "unknown" }, draft({ name: "plain" }));
  await expect(
    images.create({ namespace: "n", lease: "unknown" }, draft({ name: "b", labels: expiring })),
  ).rejects.toMatchObject({ kind: "not-found", message: "lease does not exist" });
  await images.delete({ namespace: "n", lease: "l" }, "alpine");
  expect(await leases.resources("n", "l")).toEqual([]);
});

test("a namespace that holds images, or blobs as well, is not removed and says what it holds", async () => {
  const { metadata } = await openTestMetadata();
  await metadata.images.create(scope, draft());
  const refusal = (left: string) => ({
    kind: "failed-precondition",
    message: `namespace "n" must be empty, but it still has ${left}`,
  });
  await expect(metadata.namespaces.delete("n")).rejects.toMatchObject(refusal("images"));
  await put(metadata, "n", "hello");
  await expect(metadata.namespaces.delete("n")).rejects.toMatchObject(refusal("images, blobs"));
  await metadata.images.delete(scope, "alpine");
  await expect(metadata.namespaces.delete("n")).rejects.toMatchObject(refusal("blobs"));
});
