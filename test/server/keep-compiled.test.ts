import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { run } from "../support/run.ts";
import { makeTempDir } from "../support/temp-dir.ts";

const server = pathToFileURL(join(import.meta.dirname, "..", "..", "server")).href;

const program = `
import { keepCompiled } from "${server}/keep-compiled.ts";
keepCompiled(process.argv[1]);
const { usage } = await import("${server}/config.ts");
console.log(usage.slice(0, 14));
`;

/** Runs what keeps its compiled code in a folder, and prints a line. */
async function runWith(folder: string) {
  // Where this process keeps its own does not count.
  const without = ["NODE_COMPILE_CACHE", "NODE_DISABLE_COMPILE_CACHE"].flatMap((name) => ["-u", name]);
  const node = [process.execPath, "--input-type=module", "--eval", program, folder];
  return await run("env", [...without, ...node]);
}

const fine = { status: 0, stdout: "usage: stowage\n", stderr: "" };

test("what Node compiled is kept for the next start", async () => {
  const folder = join(await makeTempDir(), "made", "cache");
  expect(await runWith(folder)).toEqual(fine);
  const [version = ""] = await readdir(folder);
  const kept = await readdir(join(folder, version));
  expect(kept.length).toBeGreaterThan(0);
  expect(await runWith(folder)).toEqual(fine);
});

test("where it cannot be kept, the start goes on and says nothing", async () => {
  const file = join(await makeTempDir(), "file");
  await writeFile(file, "");
  expect(await runWith(join(file, "cache"))).toEqual(fine);
});
