import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import type { Metadata } from "../../../server/metadata/metadata.ts";
import type { MirrorSource } from "../../../server/mirror/source.ts";
import { openTestMetadata, put } from "../metadata/support.ts";
import { openTestMirror, sourceOver } from "./support.ts";

const digestsIn = async (metadata: Metadata) =>
  (await Array.fromAsync(metadata.in({ namespace: "n" }).walk())).map(({ digest }) => digest);

/** A mirror that was filled and closed. @returns its folder and what is in it */
async function closedMirror(): Promise<{ metadata: Metadata; root: string; digests: readonly string[] }> {
  const { metadata } = await openTestMetadata();
  await put(metadata, "n", "one");
  await put(metadata, "n", "two");
  const { mirror, root, close } = await openTestMirror({ source: sourceOver(metadata) });
  await mirror.ready();
  await close();
  return { metadata, root, digests: await digestsIn(metadata) };
}

/** A source that is not there. */
function goneSource(metadata: Metadata, target?: string): MirrorSource {
  const source = sourceOver(metadata, target);
  source.behaviour.failure = Object.assign(new Error("gone"), { code: "ECONNREFUSED" });
  return source;
}

test("after a restart a mirror shows what it has while its source does not answer", async () => {
  const { metadata, root, digests } = await closedMirror();
  const { mirror } = await openTestMirror({ source: goneSource(metadata), root });
  expect(await digestsIn(mirror)).toEqual(digests);
  await expect.poll(() => mirror.state.state).toBe("unreachable");
  expect(mirror.state.reason).toBe("nobody listens there (connection refused)");
  using view = mirror.snapshot();
  expect(view.totals(["n"]).count).toBe(2);
});

test("after a restart a mirror follows what happened meanwhile", async () => {
  const { metadata, root, digests } = await closedMirror();
  await metadata.in({ namespace: "n" }).delete(digests[0] as never);
  const added = await put(metadata, "n", "three");
  const { mirror } = await openTestMirror({ source: sourceOver(metadata), root });
  await expect.poll(() => digestsIn(mirror)).toEqual([digests[1], added].sort());
});

test("rows of another target are not shown", async () => {
  const { metadata, root } = await closedMirror();
  const { mirror } = await openTestMirror({ source: goneSource(metadata, "other:"), root });
  await expect(digestsIn(mirror)).rejects.toMatchObject({ kind: "unavailable" });
});

test.each<[string, (path: string) => Promise<void> | void]>([
  ["is damaged", (path) => writeFile(path, "this is no database, and never was one")],
  [
    "a later version wrote",
    (path) => {
      using database = new DatabaseSync(path);
      database.exec("PRAGMA user_version = 999");
    },
  ],
])("a mirror whose database %s is read anew", async (_, spoil) => {
  const { metadata, root, digests } = await closedMirror();
  await spoil(join(root, "metadata.db"));
  const { mirror } = await openTestMirror({ source: sourceOver(metadata), root });
  expect(await digestsIn(mirror)).toEqual(digests);
});

test("a mirror that was not read to the end is read anew", async () => {
  const { metadata, root, digests } = await closedMirror();
  await writeFile(join(root, "mirror.json"), "{");
  const { mirror } = await openTestMirror({ source: sourceOver(metadata), root });
  expect(await digestsIn(mirror)).toEqual(digests);
});
