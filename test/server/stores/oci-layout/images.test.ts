import { rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Digest } from "../../../../content/digest.ts";
import type { MirrorSource } from "../../../../server/mirror/source.ts";
import { bytes, digestOf, failure, MiB } from "../../../suite/support.ts";
import { run } from "../../../support/run.ts";
import { openTestMirror } from "../../mirror/support.ts";
import { blobFile, going, openTestLayout, putBlob, writeIndex } from "./support.ts";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const refName = "org.opencontainers.image.ref.name";
const fullName = "io.containerd.image.name";

function entry(digest: Digest, annotations: Record<string, unknown> = {}) {
  return { mediaType: manifestType, digest, size: 7, annotations };
}

async function imagesOf(source: MirrorSource, namespace = "default") {
  return await Array.fromAsync(source.images?.list(namespace, going) ?? []);
}

async function namesOf(source: MirrorSource): Promise<string[]> {
  return (await imagesOf(source)).map(({ name }) => name);
}

test("images are named by what index.json says, tags after the folder, and are as old as their manifests", async () => {
  const { root, source } = await openTestLayout();
  const here = await putBlob(root, bytes("here"));
  const gone = digestOf(bytes("gone"));
  const [when, changed] = [new Date("2024-01-02T03:04:05Z"), new Date("2025-01-02T03:04:05Z")];
  await utimes(blobFile(root, here), when, when);
  await writeIndex(root, {
    manifests: [
      entry(here, { [fullName]: "docker.io/library/a:1", [refName]: "1", other: "x", number: 3 }),
      entry(here, { [refName]: "v2" }),
      entry(gone, { [refName]: "example.com/b:3" }),
      entry(gone),
    ],
  });
  await utimes(join(root, "index.json"), changed, changed);
  expect(await imagesOf(source)).toMatchObject([
    {
      name: "docker.io/library/a:1",
      labels: {},
      target: { mediaType: manifestType, digest: here, size: 7, annotations: { [refName]: "1", other: "x" } },
      createdAt: when,
      updatedAt: when,
    },
    { name: "app:v2", createdAt: when },
    { name: "example.com/b:3", createdAt: changed },
    { name: `app@${gone}`, createdAt: changed },
  ]);
  expect(await imagesOf(source, "other")).toEqual([]);
});

test("what is no image, or has no readable name or one that is taken, is left out and said", async () => {
  const { root, source, log } = await openTestLayout();
  const [one, two] = [digestOf(bytes("1")), digestOf(bytes("2"))];
  const control = String.fromCharCode(27);
  await writeIndex(root, {
    manifests: [
      entry(one, { [refName]: "good" }),
      entry(one, { [refName]: "good" }),
      entry(two, { [refName]: "good" }),
      entry(two, { [refName]: `${control}[2J` }),
      entry(two, { [refName]: "x".repeat(300) }),
      entry(two, { [refName]: 3, [fullName]: "" }),
      { ...entry(two), digest: "sha256:../../etc/passwd" },
      { ...entry(two), size: -1 },
      { ...entry(two), size: 0 },
      { ...entry(two), mediaType: 7 },
      null,
      [[[]]],
      "text",
    ],
  });
  expect(await namesOf(source)).toEqual(["app:good"]);
  for (const reason of ["its name is taken", "no readable name", "no digest", "no size", "no media type"]) {
    expect(log()).toContain(reason);
  }
});

test("an index.json that is none is said, and nothing of it is believed", async () => {
  const { root, source } = await openTestLayout();
  const index = join(root, "index.json");
  const says = async (text: RegExp) => {
    await expect(imagesOf(source)).rejects.toEqual(failure("unavailable", text));
  };
  for (const text of ["", "[]", '{"manifests":[']) {
    await writeFile(index, text);
    await says(/^its index.json is damaged or half written/);
  }
  const deep = 1_900_000;
  for (const [open, close] of [
    ["[", "]"],
    ['{"":', "}"],
  ] as const) {
    const times = Math.floor(deep / (open.length + close.length));
    await writeFile(index, `{"manifests":[${open.repeat(times)}1${close.repeat(times)}]}`);
    await says(/nested too deeply/);
  }
  await writeFile(index, Buffer.alloc(5 * MiB, " "));
  await says(/larger than 4194304 bytes/);
  await rm(index);
  await says(/it has no index.json/);
  await symlink("/etc/passwd", index);
  await says(/its index.json is no file/);
  await rm(index);
  await run("mkfifo", [index]);
  await says(/its index.json is no file/);
});

test("brackets in texts nest nothing", async () => {
  const { root, source } = await openTestLayout();
  const name = `${"[".repeat(120)}\\"{`;
  await writeIndex(root, { manifests: [entry(digestOf(bytes("1")), { [refName]: name })] });
  expect(await namesOf(source)).toEqual([`app:${name}`]);
});

test("of more manifests than anybody lists, the first ten thousand are shown", async () => {
  const { root, source, log } = await openTestLayout();
  const digest = digestOf(bytes("1"));
  const manifests = Array.from({ length: 10_001 }, (_, at) => entry(digest, { [refName]: `t${at}` }));
  await writeIndex(root, { manifests });
  expect(await imagesOf(source)).toHaveLength(10_000);
  expect(log()).toContain("more than 10000 of them");
});

test("while index.json is damaged, images stay as they were, the state says why, and content goes on", async () => {
  const { root, source } = await openTestLayout();
  const digest = await putBlob(root, bytes("a"));
  await writeIndex(root, { manifests: [entry(digest, { [refName]: "v1" })] });
  const { mirror } = await openTestMirror({ source });
  await mirror.ready();
  const stop = mirror.feed.listen(() => undefined);
  await writeIndex(root, '{"manifests":[');
  await expect
    .poll(() => mirror.state)
    .toMatchObject({
      state: "unreachable",
      reason: expect.stringMatching(/index.json is damaged or half written; images stay/),
    });
  const other = await putBlob(root, bytes("b"));
  await expect
    .poll(() =>
      mirror
        .in({ namespace: "default" })
        .info(other)
        .then(
          ({ size }) => size,
          () => 0,
        ),
    )
    .toBe(1);
  expect((await mirror.images.list("default")).map(({ name }) => name)).toEqual(["app:v1"]);
  await writeIndex(root, { manifests: [entry(digest, { [refName]: "v2" })] });
  await expect.poll(async () => (await mirror.images.list("default")).map(({ name }) => name)).toEqual(["app:v2"]);
  await expect.poll(() => mirror.state.state).toBe("live");
  stop();
});
