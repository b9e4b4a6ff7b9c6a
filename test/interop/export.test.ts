import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { writePlatforms } from "../support/archives.ts";
import { startContainerd } from "../support/containerd.ts";
import { createCtr } from "../support/ctr.ts";
import { run } from "../support/run.ts";
import { startStowage } from "../support/stowage.ts";
import { makeTempDir } from "../support/temp-dir.ts";

const name = "example.com/many:1";

/** What a command prints, once it has succeeded. */
async function printed(outcome: ReturnType<typeof run>): Promise<readonly string[]> {
  const { status, stdout, stderr } = await outcome;
  expect([status, stderr]).toEqual([0, ""]);
  return stdout.trim().split("\n").toSorted();
}

/** Digests of the blobs in an archive, by its names. */
async function blobsIn(archive: string): Promise<readonly string[]> {
  return (await printed(run("tar", ["-tf", archive]))).filter((file) => /^blobs\/sha256\/[0-9a-f]{64}$/.test(file));
}

test("an export is imported by a containerd, and has the blobs of what ctr exports", async () => {
  const folder = await makeTempDir();
  const [{ socket, url }, containerd] = await Promise.all([startStowage(), startContainerd()]);
  onTestFinished(() => containerd[Symbol.asyncDispose]());
  const [ours, theirs] = [createCtr(socket), createCtr(containerd.socket)];
  const files = {
    made: join(folder, "made.tar"),
    exported: join(folder, "exported.tar"),
    ctr: join(folder, "ctr.tar"),
  };
  await writePlatforms(files.made, name, ["linux/amd64", "linux/arm64"]);
  await printed(ours(["images", "import", "--no-unpack", "--all-platforms", files.made]));

  const answer = await fetch(`${url}/-/export?ns=default&name=${encodeURIComponent(name)}`);
  await writeFile(files.exported, new Uint8Array(await answer.arrayBuffer()));
  await printed(ours(["images", "export", "--all-platforms", files.ctr, name]));
  const exported = await blobsIn(files.exported);
  expect(exported).toEqual(await blobsIn(files.ctr));

  await printed(theirs(["images", "import", "--no-unpack", "--all-platforms", files.exported]));
  expect(await printed(theirs(["images", "ls"]))).toEqual(await printed(ours(["images", "ls"])));
  const imported = await printed(theirs(["content", "ls", "-q"]));
  expect(imported).toEqual(expect.arrayContaining(exported.map((file) => file.replace("blobs/sha256/", "sha256:"))));
  expect((await theirs(["images", "check", `name==${name}`])).stdout).toContain("complete (3/3)");
});

test("an export of one platform is read by skopeo, as a layout and as an archive of Docker's", async () => {
  const folder = await makeTempDir();
  const { socket, url } = await startStowage();
  const made = join(folder, "made.tar");
  const { images } = await writePlatforms(made, name, ["linux/amd64", "linux/arm64"]);
  await printed(createCtr(socket)(["images", "import", "--no-unpack", "--all-platforms", made]));
  const exported = join(folder, "arm64.tar");
  const answer = await fetch(`${url}/-/export?ns=default&name=${encodeURIComponent(name)}&platform=linux/arm64`);
  await writeFile(exported, new Uint8Array(await answer.arrayBuffer()));
  const { config } = images["linux/arm64"] ?? {};
  const skopeo = (...args: readonly string[]) =>
    printed(run("skopeo", ["--insecure-policy", "--override-arch", "arm64", ...args]));
  for (const from of [`oci-archive:${exported}`, `docker-archive:${exported}:${name}`]) {
    const copy = `dir:${join(folder, from.slice(0, 3))}`;
    await skopeo("copy", "--quiet", from, copy);
    const raw = JSON.parse((await skopeo("inspect", "--raw", copy)).join(""));
    expect(raw.config.digest).toBe(config);
    expect(raw.layers).toHaveLength(2);
  }
});
