import { mkdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openLocalStore } from "../../../../server/stores/local/store.ts";
import { bytes, digestOf, digests, failure, leave, noise, put } from "../../../suite/support.ts";
import { makeTempDir } from "../../../support/temp-dir.ts";
import { names, openPlace } from "./support.ts";

const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

test("a blob is a read-only file with its digest's name, as in an OCI image layout, and nothing else is left", async () => {
  const { root, store } = await openPlace();
  for (const algorithm of ["sha256", "sha384", "sha512"] as const) {
    const data = bytes(algorithm);
    const digest = await put(store, data, { expected: digestOf(data, algorithm) });
    const file = join(root, "blobs", algorithm, digest.slice(algorithm.length + 1));
    expect(await readFile(file, "utf8")).toBe(algorithm);
    expect(await mode(file)).toBe("444");
  }
  await store[Symbol.asyncDispose]();
  expect(await names(root)).toEqual(["blobs", "ingest"]);
  expect(await names(join(root, "ingest"))).toEqual([]);
});

test("nobody but owner and group can look into the directories", async () => {
  const { root, store } = await openPlace();
  await leave(store, "r", bytes("a"));
  const [id = ""] = await names(join(root, "ingest"));
  for (const path of ["blobs", "blobs/sha256", "ingest", `ingest/${id}`]) {
    expect(Number.parseInt(await mode(join(root, path)), 8) & 0o027).toBe(0);
  }
});

test("an ingest is a folder named by the hash of its ref, with what is known of it", async () => {
  const { root, store } = await openPlace();
  const expected = digestOf(bytes("abc"));
  await leave(store, "../a/b", bytes("ab"), { descriptor: { size: 3, digest: expected } });
  const id = digestOf(bytes("../a/b")).slice("sha256:".length);
  const folder = join(root, "ingest", id);
  expect(await names(folder)).toEqual(["data", "expected", "ref", "startedat", "total"]);
  expect(await readFile(join(folder, "ref"), "utf8")).toBe("../a/b");
  expect(await readFile(join(folder, "data"), "utf8")).toBe("ab");
  expect(await readFile(join(folder, "total"), "utf8")).toBe("3");
  expect(await readFile(join(folder, "expected"), "utf8")).toBe(expected);
  const { startedAt } = await store.status("../a/b");
  expect(await readFile(join(folder, "startedat"), "utf8")).toBe(startedAt.toISOString());
});

test("a walk leaves out what is no blob", async () => {
  const { root, store } = await openPlace();
  const written = await Promise.all(Array.from({ length: 60 }, (_, at) => put(store, noise(10, at + 1))));
  const foreign = join(root, "blobs", "sha256");
  await writeFile(join(foreign, "README"), "");
  await writeFile(join(foreign, "A".repeat(64)), "");
  await mkdir(join(foreign, "b".repeat(64)));
  await symlink("/etc/hostname", join(foreign, "c".repeat(64)));
  expect(await digests(store)).toEqual(written.toSorted());
});

test("a directory that cannot be used is refused in one line that says what to do", async () => {
  const root = await makeTempDir();
  await writeFile(join(root, "blobs"), "a file");
  await expect(openLocalStore(root)).rejects.toMatchObject({
    name: "StartError",
    message: expect.stringMatching(
      /^cannot keep blobs in \S+: [A-Z]+; make it a directory that this user can write to$/,
    ),
  });
});

test("an error of the system is internal, and tells no path", async () => {
  const { root, store } = await openPlace();
  const digest = await put(store, bytes("a"));
  await rm(join(root, "blobs", "sha256"), { recursive: true });
  await writeFile(join(root, "blobs", "sha256"), "");
  const calls = [
    () => store.info(digest),
    () => store.readerAt({ digest }),
    () => store.delete(digest),
    () => put(store, bytes("b")),
  ];
  for (const call of calls) {
    const error: unknown = await call().catch((reason: unknown) => reason);
    expect(error).toEqual(failure("internal", /^could not [^/]*$/));
    expect(error).toMatchObject({ cause: { code: "ENOTDIR" } });
  }
});
