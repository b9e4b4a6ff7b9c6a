import { copyFile, open, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { committedAt, putStamp, stampFits, stampOf } from "../../../../server/stores/local/stamp.ts";
import { bytes, digestOf } from "../../../suite/support.ts";
import { makeTempDir } from "../../../support/temp-dir.ts";

const digest = digestOf(bytes("marked"));

/** How a file is now. */
async function look(path: string) {
  await using handle = await open(path);
  return await handle.stat({ bigint: true });
}

async function mark(path: string, at: Date): Promise<void> {
  await using handle = await open(path);
  await putStamp(handle, digest, await handle.stat({ bigint: true }), at);
}

test("a mark fits the file that it was put on, and keeps the second of the commit", async () => {
  const path = join(await makeTempDir(), "file");
  await writeFile(path, "marked");
  for (const second of [1_000_000_000, 1_764_000_000, 4_000_000_000]) {
    await mark(path, new Date(second * 1000 + 789));
    expect(stampFits(digest, await look(path))).toBe(true);
    expect(committedAt(await look(path))).toEqual(new Date(second * 1000));
  }
});

test("a mark survives a rename, and neither a write nor a copy", async () => {
  const root = await makeTempDir();
  const [path, renamed, copy] = ["a", "b", "c"].map((name) => join(root, name)) as [string, string, string];
  await writeFile(path, "marked");
  await mark(path, new Date());
  await rename(path, renamed);
  expect(stampFits(digest, await look(renamed))).toBe(true);
  await copyFile(renamed, copy);
  expect(stampFits(digest, await look(copy))).toBe(false);
  await writeFile(renamed, "Marked");
  expect(stampFits(digest, await look(renamed))).toBe(false);
});

test("every value of a mark is kept by the file system as it was put", async () => {
  const path = join(await makeTempDir(), "file");
  await writeFile(path, "marked");
  await using handle = await open(path);
  for (let size = 0n; size < 500n; size += 1n) {
    const file = { size, ino: 7n };
    await putStamp(handle, digest, file, new Date());
    const { mtimeNs } = await handle.stat({ bigint: true });
    expect(Number((mtimeNs / 1000n) % 1_000_000n)).toBe(stampOf(digest, file));
  }
});
