import { describe, expect, test } from "vitest";
import { digestOf, openTestMetadata, put } from "./support.ts";

const digest = digestOf("hello");

test("a lease is made, listed in the order of ids, filtered, and deleted", async () => {
  const { metadata } = await openTestMetadata();
  const { leases } = metadata;
  const made = await leases.create("n", "b", { team: "red", empty: "" });
  expect(made).toMatchObject({ id: "b", labels: { team: "red" } });
  await leases.create("n", "a", {});
  await leases.create("other", "c", {});
  expect((await leases.list("n")).map(({ id }) => id)).toEqual(["a", "b"]);
  expect(await leases.list("n", ["id==b"])).toEqual([made]);
  expect(await leases.list("n", ["labels.team==red"])).toEqual([made]);
  await leases.delete("n", "b");
  expect((await leases.list("n")).map(({ id }) => id)).toEqual(["a"]);
});

test("a lease makes its namespace", async () => {
  const { metadata } = await openTestMetadata();
  await metadata.leases.create("n", "l", {});
  expect(await metadata.namespaces.list()).toEqual([{ name: "n", labels: {} }]);
});

test("what cannot be is refused in containerd's words", async () => {
  const { metadata } = await openTestMetadata();
  const { leases } = metadata;
  await leases.create("n", "l", {});
  const refusals: readonly (readonly [() => Promise<unknown>, string, string])[] = [
    [() => leases.create("n", "l", {}), "already-exists", 'lease "l"'],
    [() => leases.create("n", "", {}), "invalid-argument", "lease id must not be empty"],
    [() => leases.delete("n", "x"), "not-found", 'lease "x"'],
    [() => leases.delete("m", "l"), "not-found", 'lease "l"'],
    [() => leases.resources("n", "x"), "not-found", 'lease "x"'],
    [() => leases.addResource("n", "x", { type: "content", id: "bad" }), "not-found", 'lease "x"'],
    [
      () => leases.addResource("n", "l", { type: "content", id: "bad" }),
      "invalid-argument",
      "invalid content resource id bad: invalid checksum digest format",
    ],
    [
      () => leases.addResource("n", "l", { type: "content/x", id: digest }),
      "invalid-argument",
      "invalid resource type content/x",
    ],
    [
      () => leases.addResource("n", "l", { type: "snapshots", id: "k" }),
      "invalid-argument",
      "invalid snapshot resource type snapshots",
    ],
    [
      () => leases.deleteResource("n", "l", { type: "tasks", id: "k" }),
      "not-implemented",
      "resource type tasks not supported yet",
    ],
    [() => leases.list("n", ["id="]), "invalid-argument", expect.stringContaining("filters: parse error")],
  ];
  for (const [act, kind, message] of refusals) await expect(act()).rejects.toMatchObject({ kind, message });
});

test("resources are kept under a lease once, whether or not they are there, and taken from it", async () => {
  const { metadata, changes } = await openTestMetadata();
  const { leases } = metadata;
  await leases.create("n", "l", {});
  const resources = [
    { type: "content", id: digest },
    { type: "images", id: "alpine" },
    { type: "ingests", id: "some ref" },
    { type: "snapshots/overlayfs", id: "key" },
  ];
  for (const resource of [...resources.toReversed(), ...resources]) await leases.addResource("n", "l", resource);
  expect(await leases.resources("n", "l")).toEqual(resources);
  for (const resource of resources.slice(1)) await leases.deleteResource("n", "l", resource);
  await leases.deleteResource("n", "l", { type: "ingests", id: "never there" });
  expect(await leases.resources("n", "l")).toEqual(resources.slice(0, 1));
  const told = changes.filter((change) => change.kind === "lease");
  expect(told.filter(({ added }) => added)).toHaveLength(4);
  expect(told.filter(({ removed }) => removed)).toHaveLength(3);
});

describe("a call that names a lease", () => {
  async function leased() {
    const opened = await openTestMetadata();
    const { leases } = opened.metadata;
    await leases.create("n", "l", {});
    const store = opened.metadata.in({ namespace: "n", lease: "l" });
    return { ...opened, store, held: () => leases.resources("n", "l") };
  }

  test("puts its ingest under the lease, and then the blob in its place", async () => {
    const { store, held } = await leased();
    const writer = await store.writer({ ref: "r" });
    expect(await held()).toEqual([{ type: "ingests", id: "r" }]);
    await writer.write(Buffer.from("hello"));
    await writer.commit();
    expect(await held()).toEqual([{ type: "content", id: digest }]);
  });

  test("puts a blob under the lease that is there already, at the open and at the commit", async () => {
    const { metadata, store, held } = await leased();
    await put(metadata, "n", "hello");
    await put(metadata, "n", "world");
    await expect(store.writer({ ref: "r", descriptor: { digest } })).rejects.toMatchObject({ kind: "already-exists" });
    expect(await held()).toEqual([{ type: "content", id: digest }]);
    const writer = await store.writer({ ref: "w" });
    await writer.write(Buffer.from("world"));
    await expect(writer.commit()).rejects.toMatchObject({ kind: "already-exists" });
    expect((await held()).map(({ id }) => id).toSorted()).toEqual([digest, digestOf("world")].toSorted());
  });

  test("takes what it deletes and aborts from the lease", async () => {
    const { metadata, store, held } = await leased();
    const writer = await store.writer({ ref: "r" });
    await writer.write(Buffer.from("hello"));
    await writer.commit();
    await using _open = await store.writer({ ref: "aborted" });
    await store.delete(digest);
    await store.abort("aborted");
    expect(await held()).toEqual([]);
    expect(await metadata.leases.list("n")).toHaveLength(1);
  });

  test("is refused where there is no such lease, at the open and at the commit, and the ingest stays", async () => {
    const { metadata, store } = await leased();
    const unknown = metadata.in({ namespace: "n", lease: "unknown" });
    const refusal = { kind: "not-found", message: "lease does not exist" };
    await expect(unknown.writer({ ref: "r" })).rejects.toMatchObject(refusal);
    await expect(unknown.status("r")).rejects.toMatchObject({ kind: "not-found" });
    await put(metadata, "n", "hello");
    await expect(unknown.writer({ ref: "r", descriptor: { digest } })).rejects.toMatchObject(refusal);
    const writer = await store.writer({ ref: "late" });
    await writer.write(Buffer.from("late"));
    await metadata.leases.delete("n", "l");
    await expect(writer.commit()).rejects.toMatchObject(refusal);
    expect(await store.status("late")).toMatchObject({ offset: 4 });
    await expect(store.info(digestOf("late"))).rejects.toMatchObject({ kind: "not-found" });
  });
});

test("leases go with their namespace, and one of the same name is not collected by their doing", async () => {
  const { metadata } = await openTestMetadata();
  await metadata.leases.create("n", "l", {});
  await metadata.leases.addResource("n", "l", { type: "content", id: digest });
  await metadata.namespaces.delete("n");
  await put(metadata, "n", "hello");
  expect(await metadata.leases.list("n")).toEqual([]);
  expect(await metadata.collect()).toMatchObject({ blobs: 0 });
  await metadata.leases.create("n", "l", {});
  expect(await metadata.leases.resources("n", "l")).toEqual([]);
});
