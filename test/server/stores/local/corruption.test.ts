import { chmod, copyFile, mkdir, rename, rm, stat, symlink, truncate } from "node:fs/promises";
import { expect, test } from "vitest";
import type { Digest } from "../../../../content/digest.ts";
import { bytes, collect, digestOf, failure, get, KiB, MiB, noise, put } from "../../../suite/support.ts";
import type { LocalPlace } from "./support.ts";
import { blobFile, flipByte, openPlace } from "./support.ts";

const text = (digest: Digest) => `content ${digest}: bytes do not match the digest`;

/** The same directory after a restart. */
async function reopen({ root, store }: LocalPlace): Promise<LocalPlace> {
  await store[Symbol.asyncDispose]();
  return openPlace(root);
}

for (const keepTimes of [false, true]) {
  const kept = keepTimes ? "with its times put back" : "with another time";
  test(`a byte that was changed ${kept} is never served, by a range or by a whole read`, async () => {
    const { root, store } = await openPlace();
    const digest = await put(store, noise(600 * KiB));
    await flipByte(root, digest, { at: 500 * KiB, keepTimes });
    await expect(get(store, digest, 0, 10)).rejects.toEqual(failure("data-loss", text(digest)));
    await expect(get(store, digest)).rejects.toEqual(failure("data-loss", text(digest)));
    await expect(store.readerAt({ digest })).rejects.toEqual(failure("data-loss", text(digest)));
  });
}

test("a changed byte is found after a restart: by any read, or with its times put back by a whole one", async () => {
  const place = await openPlace();
  const [plain, hidden] = [await put(place.store, noise(MiB, 1)), await put(place.store, noise(MiB, 2))];
  await flipByte(place.root, plain, { at: 9 });
  await flipByte(place.root, hidden, { at: 9, keepTimes: true });
  const { store } = await reopen(place);
  await expect(get(store, plain, 100, 1)).rejects.toEqual(failure("data-loss", text(plain)));
  const got: number[] = [];
  await using reader = await store.readerAt({ digest: hidden });
  const read = async () => {
    for await (const chunk of reader.read(0)) got.push(chunk.length);
  };
  await expect(read()).rejects.toEqual(failure("data-loss", text(hidden)));
  expect(got.reduce((sum, length) => sum + length, 0)).toBeLessThan(MiB);
  await expect(store.readerAt({ digest: hidden })).rejects.toEqual(failure("data-loss", text(hidden)));
});

test("a blob whose bytes were lost is not served", async () => {
  const { root, store } = await openPlace();
  const digest = await put(store, noise(MiB));
  await using reader = await store.readerAt({ digest });
  await chmod(blobFile(root, digest), 0o644);
  await truncate(blobFile(root, digest), 300 * KiB);
  await expect(collect(reader.read(0))).rejects.toEqual(failure("data-loss", text(digest)));
  await expect(collect(reader.read(400 * KiB, 10))).rejects.toEqual(failure("data-loss", text(digest)));
  await expect(store.readerAt({ digest })).rejects.toEqual(failure("data-loss", text(digest)));
});

test("a blob that turned empty is not served, and one that is meant to be empty is", async () => {
  const { root, store } = await openPlace();
  const digest = await put(store, bytes("not empty"));
  const empty = await put(store, bytes(""));
  await chmod(blobFile(root, digest), 0o644);
  await truncate(blobFile(root, digest), 0);
  await expect(get(store, digest)).rejects.toEqual(failure("data-loss"));
  expect(await get(store, empty)).toHaveLength(0);
});

test("writing a wrong blob again heals it, declared or not, and after a restart", async () => {
  let place = await openPlace();
  const data = noise(100 * KiB);
  const digest = await put(place.store, data);
  for (const descriptor of [{}, { digest }]) {
    await flipByte(place.root, digest);
    await expect(get(place.store, digest)).rejects.toEqual(failure("data-loss"));
    expect(await put(place.store, data, { descriptor })).toBe(digest);
    expect((await get(place.store, digest)).equals(data)).toBe(true);
    place = await reopen(place);
    expect((await get(place.store, digest)).equals(data)).toBe(true);
  }
  await expect(put(place.store, data)).rejects.toEqual(failure("already-exists"));
});

test("what is no file is data-loss, wherever a symlink leads, and is healed too", async () => {
  const { root, store } = await openPlace();
  const data = noise(10);
  const [digest, elsewhere] = [await put(store, data), await put(store, noise(20))];
  await rm(blobFile(root, digest));
  await symlink(blobFile(root, elsewhere), blobFile(root, digest));
  for (const call of [() => store.info(digest), () => store.readerAt({ digest })]) {
    await expect(call()).rejects.toEqual(failure("data-loss", text(digest)));
  }
  expect(await put(store, data)).toBe(digest);
  expect((await get(store, digest)).equals(data)).toBe(true);
  await rename(blobFile(root, digest), `${root}/elsewhere`);
  await symlink(`${root}/elsewhere`, blobFile(root, digest));
  for (const call of [() => store.info(digest), () => store.readerAt({ digest })]) {
    await expect(call()).rejects.toEqual(failure("data-loss", text(digest)));
  }
  await rm(blobFile(root, digest));
  await mkdir(blobFile(root, digest));
  await expect(store.readerAt({ digest })).rejects.toEqual(failure("data-loss", text(digest)));
});

test("a file with the bytes of another blob is data-loss", async () => {
  const { root, store } = await openPlace();
  const [digest, other] = [await put(store, noise(10, 1)), await put(store, noise(10, 2))];
  await rename(blobFile(root, other), blobFile(root, digest));
  await expect(get(store, digest, 1, 1)).rejects.toEqual(failure("data-loss", text(digest)));
});

test("a restored copy with the right bytes is served, and hashed once only", async () => {
  const { root, store } = await openPlace();
  const data = noise(50 * KiB);
  const digest = digestOf(data);
  await put(store, data);
  const file = blobFile(root, digest);
  await copyFile(file, `${file}.backup`);
  await rename(`${file}.backup`, file);
  const marked = (await stat(file, { bigint: true })).mtimeNs;
  const reads = await Promise.all([1, 2, 3].map((at) => get(store, digest, at, 5)));
  expect(reads.map((got, at) => got.equals(data.subarray(at + 1, at + 6)))).toEqual([true, true, true]);
  const markedAnew = await stat(file, { bigint: true });
  expect(markedAnew.mtimeNs).not.toBe(marked);
  await get(store, digest);
  expect((await stat(file, { bigint: true })).ctimeNs).toBe(markedAnew.ctimeNs);
});
