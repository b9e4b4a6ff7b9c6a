import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hexOf } from "../../../../content/digest.ts";
import type { NamesOptions } from "../../../../server/stores/oci-layout/names.ts";
import { digestsIn } from "../../../../server/stores/oci-layout/names.ts";
import { digestOf, failure, noise } from "../../../suite/support.ts";
import { makeTempDir } from "../../../support/temp-dir.ts";

async function digestsOf(directory: string, options: Partial<NamesOptions>) {
  return (await Array.fromAsync(digestsIn(directory, { algorithm: "sha256", ...options }))).flat();
}

test("a folder with more names than are held at once is told in order, each once", async () => {
  const directory = await makeTempDir();
  const written = Array.from({ length: 150 }, (_, at) => digestOf(noise(8, at + 1)));
  for (const digest of written) await writeFile(join(directory, hexOf(digest)), "");
  for (const held of [1, 20, 150, 10_000]) {
    expect(await digestsOf(directory, { held })).toEqual(written.toSorted());
  }
});

test("names that were chosen to begin alike are refused where they are too many", async () => {
  const directory = await makeTempDir();
  for (let at = 0; at < 11; at += 1) await writeFile(join(directory, at.toString(16).padStart(64, "0")), "");
  expect(await digestsOf(directory, { held: 1, alike: 11 })).toHaveLength(11);
  await expect(digestsOf(directory, { held: 1, alike: 10 })).rejects.toEqual(failure("unavailable", /begin alike/));
});

test("a look that nobody waits for any more ends", async () => {
  const directory = await makeTempDir();
  await writeFile(join(directory, "0".repeat(64)), "");
  await expect(digestsOf(directory, { signal: AbortSignal.abort() })).rejects.toEqual(failure("cancelled"));
});
