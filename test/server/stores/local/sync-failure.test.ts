import { join } from "node:path";
import { expect, test } from "vitest";
import { bytes, digestOf, failure, get, put } from "../../../suite/support.ts";
import { run } from "../../../support/run.ts";
import { makeTempDir } from "../../../support/temp-dir.ts";
import { names, openPlace } from "./support.ts";

/**
 * Commit `first` and then `second` in a process of its own, in which the system calls of strace's expression fail.
 *
 * @returns what became of the two, and the offset of the first
 */
async function commitTwo(root: string, inject: string): Promise<unknown> {
  const store = JSON.stringify(new URL("../../../../server/stores/local/store.ts", import.meta.url));
  const script = `
    const { openLocalStore } = await import(${store});
    const store = await openLocalStore(${JSON.stringify(root)});
    const outcomes = [];
    for (const ref of ["first", "second"]) {
      const writer = await store.writer({ ref });
      await writer.write(Buffer.from(ref));
      outcomes.push(await writer.commit().catch(({ kind, message }) => ({ kind, message })));
    }
    const { offset } = await store.status("first");
    await store[Symbol.asyncDispose]();
    process.stdout.write(JSON.stringify({ outcomes, offset }));`;
  const args = [
    "-f",
    "-qq",
    "-o",
    "/dev/null",
    "-e",
    `inject=${inject}`,
    process.execPath,
    "--input-type=module",
    "-e",
    script,
  ];
  // One thread for files, so that "the first call" is the first of the process.
  const { stdout, stderr } = await run("strace", args, { env: { UV_THREADPOOL_SIZE: "1" } });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

test("a sync of the data that fails acknowledges nothing, trusts none of the bytes, and fails no later commit", async () => {
  const root = await makeTempDir();
  expect(await commitTwo(root, "fdatasync:error=EIO:when=1")).toEqual({
    outcomes: [{ kind: "internal", message: "could not sync ref first: EIO" }, digestOf(bytes("second"))],
    offset: 0,
  });
  const { store } = await openPlace(root);
  await expect(store.info(digestOf(bytes("first")))).rejects.toEqual(failure("not-found"));
  expect((await get(store, digestOf(bytes("second")))).toString()).toBe("second");
});

test("a sync of the directory that fails leaves no blob, and the ingest as it was", async () => {
  const root = await makeTempDir();
  // The first two are of the directories that the store makes.
  expect(await commitTwo(root, "fsync:error=EIO:when=3")).toEqual({
    outcomes: [{ kind: "internal", message: "could not commit ref first: EIO" }, digestOf(bytes("second"))],
    offset: 5,
  });
  expect(await names(join(root, "blobs", "sha256"))).toEqual([digestOf(bytes("second")).slice(7)]);
  const { store } = await openPlace(root);
  expect(await put(store, bytes(""), { ref: "first" })).toBe(digestOf(bytes("first")));
});
