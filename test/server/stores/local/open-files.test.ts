import { copyFile, readdir, readlink, rename, rm } from "node:fs/promises";
import { expect, test } from "vitest";
import { failure, get, KiB, noise, put } from "../../../suite/support.ts";
import { blobFile, openPlace } from "./support.ts";

const fds = "/proc/self/fd";

/** Paths under a directory that this process has open; those without a name any more included. */
async function openUnder(directory: string): Promise<string[]> {
  const targets = await Promise.all((await readdir(fds)).map((fd) => readlink(`${fds}/${fd}`).catch(() => "")));
  return targets.filter((target) => target.startsWith(directory));
}

test("a blob's file stays open between two reads, and is closed when the blob is deleted", async () => {
  const { root, store } = await openPlace();
  const digest = await put(store, noise(100 * KiB));
  for (let read = 0; read < 3; read += 1) await get(store, digest, read, 10);
  expect(await openUnder(`${root}/blobs/sha256/`)).toEqual([blobFile(root, digest)]);
  await store.delete(digest);
  await expect.poll(() => openUnder(`${root}/blobs/sha256/`)).toEqual([]);
});

test("a blob that is deleted is read to its end by who began, and its file is closed after that", async () => {
  const { root, store } = await openPlace();
  const digest = await put(store, noise(600 * KiB));
  const reader = await store.readerAt({ digest });
  const chunks = reader.read(0)[Symbol.asyncIterator]();
  let got = (await chunks.next()).value?.length ?? 0;
  await store.delete(digest);
  expect(await openUnder(`${root}/blobs/sha256/`)).toHaveLength(1);
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) got += next.value.length;
  expect(got).toBe(600 * KiB);
  await reader.close();
  await expect.poll(() => openUnder(`${root}/blobs/sha256/`)).toEqual([]);
});

test("a blob whose file went, or is another one now, is not read from the one that is open", async () => {
  const { root, store } = await openPlace();
  const [gone, replaced] = [await put(store, noise(KiB, 1)), await put(store, noise(KiB, 2))];
  await get(store, gone, 0, 10);
  await get(store, replaced, 0, 10);
  await copyFile(blobFile(root, gone), `${root}/other`);
  await rm(blobFile(root, gone));
  await expect(get(store, gone, 0, 10)).rejects.toMatchObject({ kind: "not-found" });
  await rename(`${root}/other`, blobFile(root, replaced));
  await expect(get(store, replaced, 0, 10)).rejects.toEqual(
    failure("data-loss", `content ${replaced}: bytes do not match the digest`),
  );
});

test("so many blobs are read one after another that not all files can stay open", async () => {
  const { root, store } = await openPlace();
  for (let blob = 0; blob < 300; blob += 1) {
    const digest = await put(store, noise(100, blob));
    expect(await get(store, digest, 0, 10)).toHaveLength(10);
  }
  await expect.poll(async () => (await openUnder(`${root}/blobs/sha256/`)).length).toBeLessThan(270);
  await store[Symbol.asyncDispose]();
  expect(await openUnder(`${root}/blobs/sha256/`)).toEqual([]);
});
