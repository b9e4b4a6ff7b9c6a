import { createHash, randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startContainerd } from "../../support/containerd.ts";
import type { Ctr } from "../../support/ctr.ts";
import { createCtr, openIngest } from "../../support/ctr.ts";
import { run } from "../../support/run.ts";
import { startStowage } from "../../support/stowage.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { makeImageArchive } from "./image.ts";

const mebibyte = 1024 * 1024;

/** The namespace of ours that is the containerd's. */
const cluster = ["--namespace", "cluster"];

const imageName = "docker.io/library/app:1";

/** A containerd whose only content store is a server of ours. */
async function start() {
  const stowage = await startStowage([], '[[listen]]\nsocket = "backend.sock"\nnamespace = "cluster"\n');
  const containerd = await startContainerd(true, join(stowage.data, "backend.sock"));
  onTestFinished(() => containerd[Symbol.asyncDispose]());
  return { stowage, socket: containerd.socket, theirs: createCtr(containerd.socket), ours: createCtr(stowage.socket) };
}

/** Run a command that is to succeed. @returns what it printed */
async function done(ctr: Ctr, ...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await ctr(args);
  expect(status, `ctr ${args.join(" ")}: ${stderr}`).toBe(0);
  return stdout;
}

const digests = async (ctr: Ctr, ...namespace: readonly string[]) =>
  (await done(ctr, ...namespace, "content", "ls", "--quiet"))
    .split("\n")
    .filter((line) => line !== "")
    .sort();

const sha256 = (bytes: Uint8Array) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** The digest of what is read of a blob. */
async function readBack(socket: string, digest: string): Promise<string> {
  const { stdout } = await run("sh", ["-c", `ctr --address ${socket} content get ${digest} | sha256sum`]);
  return `sha256:${stdout.split(" ", 1)[0]}`;
}

/** An archive of an image with those layers. */
async function image(layers: readonly (string | Uint8Array)[]) {
  const folder = join(await makeTempDir(), "image");
  await mkdir(folder);
  return await makeImageArchive(folder, imageName, layers);
}

test("a containerd imports, unpacks, reads back and removes images whose bytes are all kept by us", async () => {
  const { theirs, ours, socket } = await start();
  const { file, digests: made } = await image(["hello", randomBytes(3 * mebibyte + 5)]);
  await done(theirs, "images", "import", "--snapshotter", "native", file);
  expect(await done(theirs, "images", "check", "--snapshotter", "native")).toMatch(/app:1 .*complete .*true/);
  const held = await digests(theirs);
  expect(held).toEqual(expect.arrayContaining([...made]));
  expect(await digests(ours, ...cluster)).toEqual(held);
  for (const digest of held) expect(await readBack(socket, digest)).toBe(digest);

  const second = ["--namespace", "second"];
  await done(theirs, ...second, "images", "import", "--no-unpack", file);
  expect(await digests(theirs, ...second)).toEqual(expect.arrayContaining([...made]));
  await done(theirs, "images", "rm", "--sync", imageName);
  expect(await digests(theirs)).toEqual([]);
  expect(await digests(ours, ...cluster)).toEqual(expect.arrayContaining([...made]));
  await done(theirs, ...second, "images", "rm", "--sync", imageName);
  await expect.poll(() => digests(ours, ...cluster)).toEqual([]);
});

test("what a containerd's client writes is resumed, refused and listed as by a containerd alone", async () => {
  const { theirs, ours, socket } = await start();
  const expected = `sha256:${"0".repeat(64)}`;
  const refused = await theirs(["content", "ingest", "--expected-digest", expected, "wrong"], { input: "bytes" });
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain("unexpected commit digest");

  const bytes = randomBytes(2 * mebibyte);
  const killed = openIngest(socket, "default", "slow");
  killed.write(bytes);
  const active = () => done(theirs, "content", "active");
  await expect.poll(active).toMatch(/^slow\s+2\.097MB/m);
  await killed.kill();
  const whole = Buffer.concat([bytes, Buffer.from("the rest")]);
  // It seeks in what it reads.
  const inputFile = join(await makeTempDir(), "whole");
  await writeFile(inputFile, whole);
  await expect.poll(() => theirs(["content", "ingest", "slow"], { inputFile })).toMatchObject({ status: 0 });
  const digest = sha256(whole);
  expect(await readBack(socket, digest)).toBe(digest);
  expect(await digests(ours, ...cluster)).toEqual([digest]);
  await done(theirs, "content", "rm", digest);
  await expect.poll(() => digests(ours, ...cluster)).toEqual([]);
});

test("a containerd goes on when we were away, and misses nothing", async () => {
  const { stowage, theirs, socket } = await start();
  const { file, digests: made } = await image(["hello"]);
  await done(theirs, "images", "import", "--no-unpack", file);
  await stowage.kill("SIGTERM");
  await stowage.restart();
  await expect.poll(() => readBack(socket, made[0] ?? "")).toBe(made[0]);
  const other = await image(["other"]);
  await done(theirs, "images", "import", "--no-unpack", other.file);
  expect(await digests(theirs)).toEqual(expect.arrayContaining([...other.digests]));
});
