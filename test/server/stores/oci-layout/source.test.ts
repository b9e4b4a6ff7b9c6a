import { mkdir, rename, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bytes, digestOf, digests, failure, get, KiB, noise, put } from "../../../suite/support.ts";
import { makeTempDir } from "../../../support/temp-dir.ts";
import { follow, openTestMirror } from "../../mirror/support.ts";
import { blobFile, going, openTestLayout, openTestSource, putBlob, writeIndex } from "./support.ts";

/** Looks only where something is said to have changed. */
const byHints = {
  leastMs: 60_000,
  mostMs: 60_000,
  restPerCost: 1e6,
  ingestsMs: 60_000,
  hintMs: 5,
  share: 1,
  retryMs: 20,
};

test("blobs of each algorithm are listed in order, with the size and time of their files, and read", async () => {
  const { root, source, store } = await openTestLayout();
  const data = noise(600 * KiB);
  const written = [
    await putBlob(root, data),
    await putBlob(root, bytes("small")),
    await putBlob(root, bytes("")),
    await putBlob(root, bytes("longer"), digestOf(bytes("longer"), "sha512")),
  ];
  const when = new Date("2024-05-06T07:08:09.123Z");
  await utimes(blobFile(root, digestOf(data)), when, when);
  expect(await source.namespaces(going)).toEqual([{ name: "default", labels: {} }]);
  expect(await digests(store)).toEqual(written.toSorted());
  const info = await store.info(digestOf(data));
  expect(info).toMatchObject({ size: data.length, labels: {} });
  expect([info.createdAt.getTime(), info.updatedAt.getTime()]).toEqual([when.getTime(), when.getTime()]);
  for (const digest of written)
    expect(digestOf(await get(store, digest), digest.startsWith("sha512") ? "sha512" : "sha256")).toBe(digest);
  expect((await get(store, digestOf(data), 300 * KiB, 1000)).equals(data.subarray(300 * KiB, 300 * KiB + 1000))).toBe(
    true,
  );
  expect((await stat(blobFile(root, digestOf(data)))).mtimeMs).toBe(when.getTime());
  expect(await Array.fromAsync(store.listStatuses())).toEqual([]);
});

test("it has nothing in other namespaces, and lets nothing be changed", async () => {
  const { root, source, store } = await openTestLayout();
  const digest = await putBlob(root, bytes("a"));
  const other = source.in({ namespace: "other" });
  expect(await digests(other)).toEqual([]);
  await expect(other.info(digest)).rejects.toEqual(failure("not-found"));
  await expect(other.readerAt({ digest })).rejects.toEqual(failure("not-found"));
  for (const change of [
    () => put(store, bytes("b")),
    () => store.delete(digest),
    () => store.abort("ref"),
    () => store.update({ digest, labels: {} }),
  ]) {
    await expect(change()).rejects.toEqual(failure("permission-denied", /^a folder is only read/));
  }
  await expect(store.status("ref")).rejects.toEqual(failure("not-found"));
});

test("a mirror says that a folder cannot be changed, and offers no flag for it", async () => {
  const { root, source } = await openTestLayout();
  const digest = await putBlob(root, bytes("a"));
  const { mirror } = await openTestMirror({ source });
  await mirror.ready();
  const text =
    "store there is opened read-only; a folder is only read, since the tools that write it know no lock; change it with them";
  await expect(mirror.in({ namespace: "default" }).delete(digest)).rejects.toEqual(failure("permission-denied", text));
  expect(await mirror.catalog.hold("default", digest, going)).toEqual({ state: "kept", holders: [], complete: true });
});

test("a layout says its version, and a cache of an older BuildKit none", async () => {
  expect(await (await openTestLayout()).source.ping(going)).toBe("OCI image layout 1.0.0");
  expect(await (await openTestLayout({ marker: "" })).source.ping(going)).toBe(undefined);
});

test("what is no layout is said in one line, and found once it is one", async () => {
  const root = join(await makeTempDir(), "later");
  const { source, store } = openTestSource(root);
  const says = async (text: RegExp) => {
    await expect(source.ping(going)).rejects.toEqual(failure("unavailable", text));
    await expect(digests(store)).rejects.toEqual(failure("unavailable", text));
  };
  await says(/there is no such folder/);
  await writeFile(root, "a file");
  await says(/it is no folder/);
  await rm(root);
  await mkdir(root);
  await says(/it is no OCI image layout; name the folder that has/);
  await writeFile(join(root, "oci-layout"), "{}");
  await says(/its file oci-layout says no version/);
  await writeFile(join(root, "oci-layout"), '{"imageLayoutVersion":"2.0.0"}');
  await says(/version "2.0.0"; only 1.x.x can be read/);
  await writeFile(join(root, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  expect(await digests(store)).toEqual([]);
  await writeFile(join(root, "blobs"), "a file");
  await says(/its blobs is no folder, or a link to one/);
});

test("a blob of a folder that is gone is not said to be gone", async () => {
  const { root, store } = await openTestLayout();
  const digest = await putBlob(root, bytes("a"));
  await expect(store.info(digestOf(bytes("b")))).rejects.toEqual(failure("not-found"));
  await rm(root, { recursive: true });
  await expect(store.info(digest)).rejects.toEqual(failure("unavailable"));
  await mkdir(root);
  await expect(store.info(digest)).rejects.toEqual(failure("unavailable", /no OCI image layout/));
});

test("a link on the way to the folder may be switched to another one", async () => {
  const [before, after] = [await openTestLayout(), await openTestLayout()];
  const [old, fresh] = [await putBlob(before.root, bytes("old")), await putBlob(after.root, bytes("new"))];
  const link = join(await makeTempDir(), "current");
  await symlink(before.root, link);
  const { store, source } = openTestSource(link);
  expect(source.target).toBe(link);
  expect(await digests(store)).toEqual([old]);
  await symlink(after.root, `${link}.next`);
  await rename(`${link}.next`, link);
  expect(await digests(store)).toEqual([fresh]);
  await expect(store.info(old)).rejects.toEqual(failure("not-found"));
});

test("a mirror follows a folder: blobs and images come and go without a wait for the next look", async () => {
  const { root, source } = await openTestLayout();
  const digest = await putBlob(root, bytes("a"));
  const { mirror } = await openTestMirror({ source, timing: byHints });
  await mirror.ready();
  follow(mirror);
  const seen = async () => ({
    blobs: await digests(mirror.in({ namespace: "default" })),
    images: (await mirror.images.list("default")).map(({ name }) => name),
  });
  await expect.poll(() => mirror.state.everyMs).toBe(60_000);
  expect(await seen()).toEqual({ blobs: [digest], images: [] });
  const other = await putBlob(root, bytes("b"));
  await expect.poll(seen).toEqual({ blobs: [digest, other].toSorted(), images: [] });
  const annotations = { "org.opencontainers.image.ref.name": "v1" };
  const target = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest, size: 1, annotations };
  await writeIndex(`${root}/blobs`, { manifests: [target] });
  await rename(join(root, "blobs", "index.json"), join(root, "index.json"));
  await expect.poll(seen).toEqual({ blobs: [digest, other].toSorted(), images: ["app:v1"] });
  const third = await putBlob(root, bytes("c"), digestOf(bytes("c"), "sha384"));
  await rm(blobFile(root, other));
  await expect.poll(seen).toEqual({ blobs: [digest, third].toSorted(), images: ["app:v1"] });
});

test("a folder that another one takes the place of is followed, and then that one", async () => {
  const { root, source } = await openTestLayout();
  const before = await putBlob(root, bytes("before"));
  const next = await openTestLayout();
  const after = await putBlob(next.root, bytes("after"));
  const { mirror } = await openTestMirror({ source, timing: byHints });
  const seen = () => digests(mirror.in({ namespace: "default" }));
  expect(await seen()).toEqual([before]);
  follow(mirror);
  await expect.poll(() => mirror.state.everyMs).toBe(60_000);
  await rename(root, `${root}.old`);
  await rename(next.root, root);
  await expect.poll(seen).toEqual([after]);
  const more = await putBlob(root, bytes("more"));
  await expect.poll(seen).toEqual([after, more].toSorted());
});
