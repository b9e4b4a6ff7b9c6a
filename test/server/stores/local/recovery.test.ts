import { spawn } from "node:child_process";
import { chmod, mkdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Store } from "../../../../content/store.ts";
import { bytes, digestOf, get, KiB, leave, MiB, noise, put, refs } from "../../../suite/support.ts";
import { makeTempDir } from "../../../support/temp-dir.ts";
import { names, openPlace } from "./support.ts";

/** The folder of an ingest. */
const folderOf = (root: string, ref: string) => join(root, "ingest", digestOf(bytes(ref)).slice("sha256:".length));

test("after a restart an ingest is what it was, and goes on at its offset", async () => {
  const { root, store } = await openPlace();
  const data = noise(2 * MiB + 5);
  const declared = { size: data.length, digest: digestOf(data) };
  await leave(store, "layer", data.subarray(0, MiB + 7), { descriptor: declared });
  const before = await store.status("layer");
  await store[Symbol.asyncDispose]();
  const again = await openPlace(root);
  expect(await again.store.status("layer")).toMatchObject({
    offset: MiB + 7,
    total: data.length,
    expected: declared.digest,
    startedAt: before.startedAt,
  });
  await using writer = await again.store.writer({ ref: "layer", descriptor: declared });
  await writer.write(data.subarray(MiB + 7));
  const digest = await writer.commit();
  expect((await get(again.store, digest)).equals(data)).toBe(true);
});

test("disposing of the store closes its writers, so that they can be resumed", async () => {
  const { root, store } = await openPlace();
  const writer = await store.writer({ ref: "open" });
  await writer.write(bytes("abc"));
  await store[Symbol.asyncDispose]();
  await expect(writer.write(bytes("d"))).rejects.toMatchObject({ kind: "failed-precondition" });
  await expect(store.writer({ ref: "late" })).rejects.toMatchObject({ kind: "unavailable" });
  const again = await openPlace(root);
  await using resumed = await again.store.writer({ ref: "open" });
  expect(await resumed.status()).toMatchObject({ offset: 3 });
});

test("the offset is what is on disk, and what is there is hashed anew", async () => {
  const { root, store } = await openPlace();
  await leave(store, "cut", bytes("abcdef"));
  await store[Symbol.asyncDispose]();
  await truncate(join(folderOf(root, "cut"), "data"), 4);
  const again = await openPlace(root);
  expect(await again.store.status("cut")).toMatchObject({ offset: 4 });
  await writeFile(join(folderOf(root, "cut"), "data"), "ABCD");
  await using writer = await again.store.writer({ ref: "cut" });
  expect(writer.digest()).toBe(digestOf(bytes("ABCD")));
});

test("folders that a crash left incomplete are removed at the start, and foreign names are left alone", async () => {
  const { root, store } = await openPlace();
  for (const ref of ["whole", "no ref", "no data", "other ref", "empty ref"]) await leave(store, ref, bytes(ref));
  await store[Symbol.asyncDispose]();
  await rm(join(folderOf(root, "no ref"), "ref"));
  await rm(join(folderOf(root, "no data"), "data"));
  await writeFile(join(folderOf(root, "other ref"), "ref"), "another");
  await writeFile(join(folderOf(root, "empty ref"), "ref"), "");
  await mkdir(join(root, "ingest", "a".repeat(64)));
  await mkdir(join(root, "ingest", "dropped-1", "deep"), { recursive: true });
  await writeFile(join(root, "ingest", "notes.txt"), "");
  const again = await openPlace(root);
  expect(await refs(again.store)).toEqual(["whole"]);
  const id = digestOf(bytes("whole")).slice("sha256:".length);
  expect(await names(join(root, "ingest"))).toEqual([id, "notes.txt"].toSorted());
});

test("what a crash left unreadable of a declaration is unknown, and the bytes stay", async () => {
  const { root, store } = await openPlace();
  await leave(store, "r", bytes("abc"), { descriptor: { size: 3, digest: digestOf(bytes("abc")) } });
  await store[Symbol.asyncDispose]();
  for (const name of ["total", "expected", "startedat"]) await writeFile(join(folderOf(root, "r"), name), "");
  const again = await openPlace(root);
  const status = await again.store.status("r");
  expect(status).toMatchObject({ offset: 3, total: 0 });
  expect(status.expected).toBeUndefined();
  expect(status.startedAt.getTime()).toBeGreaterThan(0);
});

test("a commit that a crash cut off before the name was given goes on as an ingest", async () => {
  const { root, store } = await openPlace();
  await leave(store, "marked", bytes("abc"));
  await store[Symbol.asyncDispose]();
  await chmod(join(folderOf(root, "marked"), "data"), 0o444);
  const again = await openPlace(root);
  await using writer = await again.store.writer({ ref: "marked" });
  await writer.write(bytes("d"));
  expect(await writer.commit()).toBe(digestOf(bytes("abcd")));
});

test("a commit that a crash cut off after the name was given is a blob, and no ingest", async () => {
  const { root, store } = await openPlace();
  const digest = digestOf(bytes("abc"));
  await leave(store, "named", bytes("abc"));
  await store[Symbol.asyncDispose]();
  await rename(join(folderOf(root, "named"), "data"), join(root, "blobs", "sha256", digest.slice(7)));
  const again = await openPlace(root);
  expect(await refs(again.store)).toEqual([]);
  expect((await get(again.store, digest)).toString()).toBe("abc");
});

test("opening a store reads no blob", async () => {
  const { root, store } = await openPlace();
  const digest = await put(store, noise(10));
  await store[Symbol.asyncDispose]();
  const file = join(root, "blobs", "sha256", digest.slice(7));
  const { atimeNs, ctimeNs } = await stat(file, { bigint: true });
  await openPlace(root);
  expect(await stat(file, { bigint: true })).toMatchObject({ atimeNs, ctimeNs });
});

test("a process that is killed leaves every committed blob, and its ingest at the offset that is on disk", async () => {
  const root = await makeTempDir();
  const line = await runUntilKilled(root, /half (\d+)\n.*half (\d+)\n/s);
  const { store } = await openPlace(root);
  for (const { digest } of await Array.fromAsync(store.walk())) expect(digestOf(await get(store, digest))).toBe(digest);
  for (const [, digest] of line.matchAll(/blob (sha256:\w+)/g)) expect(await isThere(store, digest)).toBe(true);
  const told = Math.max(...[...line.matchAll(/half (\d+)/g)].map(([, offset]) => Number(offset)));
  const { offset } = await store.status("half");
  expect(offset).toBeGreaterThanOrEqual(told);
  expect(offset).toBe((await stat(join(folderOf(root, "half"), "data"))).size);
  await using writer = await store.writer({ ref: "half" });
  const data = await readFile(join(folderOf(root, "half"), "data"));
  expect(writer.digest()).toBe(digestOf(data));
});

async function isThere(store: Store, text: string | undefined): Promise<boolean> {
  return (await Array.fromAsync(store.walk([`digest==${text}`]))).length === 1;
}

/** Commits small blobs and appends to the ref `half`, both for ever, telling of each; killed once it said so much. */
async function runUntilKilled(root: string, enough: RegExp): Promise<string> {
  const script = `
    const { openLocalStore } = await import(${JSON.stringify(new URL("../../../../server/stores/local/store.ts", import.meta.url))});
    const store = await openLocalStore(${JSON.stringify(root)});
    const say = (text) => process.stdout.write(text + "\\n");
    const commit = async () => {
      for (let at = 0; ; at += 1) {
        await using writer = await store.writer({ ref: "blob-" + at });
        await writer.write(Buffer.alloc(${64 * KiB}, at));
        await writer.write(Buffer.from(String(at)));
        say("blob " + await writer.commit());
      }
    };
    const append = async () => {
      const writer = await store.writer({ ref: "half" });
      for (;;) {
        await writer.write(Buffer.alloc(${MiB + 1}, 7));
        say("half " + (await writer.status()).offset);
      }
    };
    await Promise.all([commit(), append()]);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  for await (const data of child.stdout) {
    output += String(data);
    if (enough.test(output) && output.includes("blob ")) child.kill("SIGKILL");
  }
  return output;
}
