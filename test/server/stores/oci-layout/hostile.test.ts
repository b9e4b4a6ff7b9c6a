import { appendFile, mkdir, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bytes, collect, digestOf, digests, failure, get, KiB, MiB, noise } from "../../../suite/support.ts";
import { run } from "../../../support/run.ts";
import { makeTempDir } from "../../../support/temp-dir.ts";
import { blobFile, going, openTestLayout, openTestSource, putBlob } from "./support.ts";

const wrong = failure("data-loss", /bytes do not match the digest$/);

test("no link in a folder is followed, whatever it leads to, and nothing but files is opened", async () => {
  const { root, store, log } = await openTestLayout();
  const real = await putBlob(root, bytes("real"));
  const elsewhere = join(await makeTempDir(), "secret");
  await writeFile(elsewhere, "secret");
  const [linked, near, pipe, device, folder] = ["secret", "near", "pipe", "device", "folder"].map((text) =>
    digestOf(bytes(text)),
  );
  if (!linked || !near || !pipe || !device || !folder) throw new Error("five digests");
  await symlink(elsewhere, blobFile(root, linked));
  await symlink(blobFile(root, real), blobFile(root, near));
  await run("mkfifo", [blobFile(root, pipe)]);
  await run("mknod", [blobFile(root, device), "c", "1", "5"]);
  await mkdir(blobFile(root, folder));
  expect(await digests(store)).toEqual([real]);
  for (const digest of [linked, near, pipe, folder]) {
    await expect(store.info(digest)).rejects.toEqual(wrong);
    await expect(store.readerAt({ digest })).rejects.toEqual(wrong);
    expect(log()).toContain(digest);
  }
  // Who may make no devices has none.
  await expect(store.readerAt({ digest: device })).rejects.toEqual(
    failure(expect.stringMatching(/data-loss|not-found/)),
  );
});

test("folders of blobs that are links are not entered, and said", async () => {
  const { root, store, source } = await openTestLayout();
  const other = await openTestLayout();
  const digest = await putBlob(other.root, bytes("there"));
  await symlink(join(other.root, "blobs", "sha256"), join(root, "blobs", "sha256"));
  await expect(digests(store)).rejects.toEqual(failure("unavailable", /^its blobs\/sha256 is no folder, or a link/));
  await expect(store.readerAt({ digest })).rejects.toEqual(wrong);
  await rm(join(root, "blobs"), { recursive: true });
  await symlink(join(other.root, "blobs"), join(root, "blobs"));
  await expect(source.ping(going)).rejects.toEqual(failure("unavailable", /^its blobs is no folder, or a link/));
  await expect(store.readerAt({ digest })).rejects.toEqual(wrong);
});

test("names that are no digests are left out, and said once with their number", async () => {
  const { root, store, log } = await openTestLayout();
  const digest = await putBlob(root, bytes("a"));
  for (const name of ["short", "A".repeat(64), `${"a".repeat(63)}\n`, ".tmp-123"]) {
    await writeFile(join(root, "blobs", "sha256", name), "");
  }
  await mkdir(join(root, "blobs", "md5"));
  for (let look = 0; look < 3; look += 1) expect(await digests(store)).toEqual([digest]);
  expect(log().match(/4 of them/g)).toHaveLength(1);
});

test("wrong bytes are never served, whole or in part, and right ones are once they are there", async () => {
  const { root, store } = await openTestLayout();
  const data = noise(600 * KiB);
  const digest = digestOf(data);
  for (const bad of [noise(600 * KiB, 2), data.subarray(1), Buffer.concat([data, data]), Buffer.alloc(0)]) {
    await putBlob(root, bad, digest);
    await expect(get(store, digest, 0, 10)).rejects.toEqual(wrong);
    await expect(get(store, digest)).rejects.toEqual(wrong);
  }
  await putBlob(root, data);
  expect((await get(store, digest, 10, 10)).equals(data.subarray(10, 20))).toBe(true);
  expect((await get(store, digest)).equals(data)).toBe(true);
});

test("a blob that changes under its reader is not served any more", async () => {
  const { root, store } = await openTestLayout();
  const data = noise(MiB);
  const digest = await putBlob(root, data);
  await using reader = await store.readerAt({ digest });
  expect((await collect(reader.read(1, 10))).equals(data.subarray(1, 11))).toBe(true);
  await appendFile(blobFile(root, digest), "more");
  await expect(collect(reader.read(1, 10))).rejects.toEqual(wrong);

  await putBlob(root, data);
  await using whole = await store.readerAt({ digest });
  const chunks = whole.read(0)[Symbol.asyncIterator]();
  await chunks.next();
  await truncate(blobFile(root, digest), 300 * KiB);
  const rest = async (): Promise<void> => {
    while (!(await chunks.next()).done);
  };
  await expect(rest()).rejects.toEqual(wrong);
});

test("a blob that is deleted under its reader is read to its end, and then is not there", async () => {
  const { root, store } = await openTestLayout();
  const data = noise(MiB);
  const digest = await putBlob(root, data);
  await using reader = await store.readerAt({ digest });
  await rm(blobFile(root, digest));
  expect((await collect(reader.read(0))).equals(data)).toBe(true);
  await expect(store.info(digest)).rejects.toEqual(failure("not-found"));
  await expect(store.readerAt({ digest })).rejects.toEqual(failure("not-found"));
});

test("a reader that is closed while it proves a blob lets others have the proof", async () => {
  const { root, store } = await openTestLayout();
  const data = noise(4 * MiB);
  const digest = await putBlob(root, data);
  const [left, stays] = [await store.readerAt({ digest }), await store.readerAt({ digest })];
  const given = collect(left.read(1, 1));
  const got = collect(stays.read(1, 1));
  await left.close();
  await expect(given).rejects.toEqual(failure("failed-precondition", "reader is closed"));
  expect((await got).equals(data.subarray(1, 2))).toBe(true);
  await stays.close();
  await expect(collect(stays.read(0))).rejects.toEqual(failure("failed-precondition", "reader is closed"));
});

test("a range outside of a blob is refused before anything is read", async () => {
  const { root, store } = await openTestLayout();
  const digest = await putBlob(root, bytes("abc"));
  await expect(get(store, digest, 4)).rejects.toEqual(failure("out-of-range"));
  expect(await get(store, digest, 3)).toHaveLength(0);
});

test("a folder that is replaced while it is walked is not taken for one that lost its blobs", async () => {
  const { root, store } = await openTestLayout();
  for (let at = 0; at < 40; at += 1) await putBlob(root, noise(8, at + 1));
  const walked = store.walk()[Symbol.asyncIterator]();
  await walked.next();
  const other = await openTestLayout();
  await rename(root, `${root}.old`);
  await rename(other.root, root);
  const rest = async (): Promise<void> => {
    while (!(await walked.next()).done);
  };
  await expect(rest()).rejects.toEqual(failure("unavailable", /its folder was replaced while it was read/));
  expect(await digests(openTestSource(root).store)).toEqual([]);
});
