import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { root } from "../setup/paths.mjs";

/**
 * Compare gen/ with what the proto files give now.
 *
 * @param {(program: string, args: readonly string[]) => Promise<string>} runProgram gives what is wrong, or nothing
 * @returns {Promise<string[]>} a line for each file that differs
 */
export async function generatedFaults(runProgram) {
  const fresh = await mkdtemp(join(tmpdir(), "stowage-gen-"));
  try {
    const fault = await runProgram("buf", ["generate", "--output", fresh]);
    if (fault !== "") return [fault];
    const [made, kept] = await Promise.all([contentsOf(join(fresh, "gen")), contentsOf(join(root, "gen"))]);
    const names = [...new Set([...made.keys(), ...kept.keys()])].sort();
    const differing = names.filter((name) => made.get(name) !== kept.get(name));
    return differing.map((name) => `gen/${name} is not what the proto files give; run npm run gen`);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @returns {Promise<Map<string, string>>} by path from the folder on
 */
async function contentsOf(folder) {
  /** @type {Map<string, string>} */
  const contents = new Map();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) contents.set(relative(folder, path), await readFile(path, "utf8"));
  }
  return contents;
}
