import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { modules, root } from "./paths.mjs";

/** Beside the packages, so that it goes with them. */
const stamps = join(modules, ".cache", "stowage");

/**
 * @typedef {object} Step what is done again only when what it is made from has changed
 * @property {string} name
 * @property {readonly string[]} inputs files, and folders with all that is in them; what is not there counts as empty
 * @property {readonly string[]} facts what else decides, such as the processor
 * @property {string} output a file that is there once it was done
 * @property {() => Promise<void>} run
 */

/**
 * Do a step unless it was done with the same inputs. One that is broken off is done anew.
 *
 * @param {Step} step
 */
export async function runStep({ name, inputs, facts, output, run }) {
  const file = join(stamps, name);
  const stamp = await stampOf(inputs, facts);
  if (existsSync(join(root, output)) && (await readFile(file, "utf8").catch(() => "")) === stamp) return;
  await rm(file, { force: true });
  await run();
  await mkdir(stamps, { recursive: true });
  await writeFile(file, stamp);
}

/**
 * @param {readonly string[]} inputs
 * @param {readonly string[]} facts
 */
async function stampOf(inputs, facts) {
  const hash = createHash("sha256").update(JSON.stringify(facts));
  const files = (await Promise.all(inputs.map(filesUnder))).flat().sort();
  for (const file of files) {
    const content = await readFile(join(root, file));
    hash.update(`\n${file} ${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

/**
 * @param {string} input
 * @returns {Promise<string[]>} relative to the project's folder
 */
async function filesUnder(input) {
  if (!existsSync(join(root, input))) return [];
  const entries = await readdir(join(root, input), { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [input];
  const nested = entries.map((entry) => {
    const path = `${input}/${entry.name}`;
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
  return (await Promise.all(nested)).flat();
}
