import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockData } from "../../server/lock.ts";
import { StartError } from "../../server/start-error.ts";
import { quickest } from "../support/quickest.ts";
import { makeTempDir } from "../support/temp-dir.ts";

test("the directory is made where it is not there, and others may not look into it", async () => {
  const root = join(await makeTempDir(), "deep", "data");
  await using _lock = await lockData(root);
  expect((await stat(root)).mode & 0o007).toBe(0);
});

test("a second one is refused at once, and told who holds it", async () => {
  const root = await makeTempDir();
  await using lock = await lockData(root);
  await lock.announce(["http://127.0.0.1:3000", "unix:data/stowage.sock"]);
  const text = `${root} is in use by pid ${process.pid} http://127.0.0.1:3000 unix:data/stowage.sock; stop that one, or`;
  expect(await quickest(() => expect(lockData(root)).rejects.toThrow(text))).toBeLessThan(1000);
  await expect(lockData(root)).rejects.toThrow(StartError);
});

test("the first stays in hold after a second was refused", async () => {
  const root = await makeTempDir();
  await using _lock = await lockData(root);
  for (const _ of [1, 2, 3]) await expect(lockData(root)).rejects.toThrow("is in use by");
});

test("it is free once it was let go of, and nobody is named any more", async () => {
  const root = await makeTempDir();
  const lock = await lockData(root);
  await lock[Symbol.asyncDispose]();
  await lock[Symbol.asyncDispose]();
  expect(await readdir(root)).toEqual(["lock.db"]);
  await using _again = await lockData(root);
  expect(await readFile(join(root, "server.txt"), "utf8")).toBe(`pid ${process.pid}\n`);
});

test("what a server that was killed left behind is in nobody's way", async () => {
  const root = await makeTempDir();
  await writeFile(join(root, "lock.db"), "");
  await writeFile(join(root, "server.txt"), "pid 1 http://127.0.0.1:1\n");
  await using _lock = await lockData(root);
  expect(await readFile(join(root, "server.txt"), "utf8")).toBe(`pid ${process.pid}\n`);
});

test("a path that is no directory is refused in words", async () => {
  const file = join(await makeTempDir(), "file");
  await writeFile(file, "");
  await expect(lockData(file)).rejects.toThrow(
    `cannot write to ${file}: there is a file in its place; choose another with --data DIR`,
  );
  await expect(lockData(join(file, "below"))).rejects.toThrow(StartError);
});

test("a lock that is none is refused in words, and not held", async () => {
  const root = await makeTempDir();
  await writeFile(join(root, "lock.db"), "this is no database, and long enough to be looked at as one".repeat(20));
  await expect(lockData(root)).rejects.toThrow(/^cannot write to /);
  await writeFile(join(root, "lock.db"), "");
  await using _lock = await lockData(root);
});
