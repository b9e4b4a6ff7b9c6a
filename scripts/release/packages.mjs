import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { root } from "../setup/paths.mjs";
import { SetupError } from "../setup/setup-error.mjs";

/** What a module needs when it runs; types are taken out before. */
const importing =
  /^(?:import|export)(?!\s+type\b)\s*(?:[^"';]*?\sfrom\s*)?["']([^."'][^"']*)["']|\bimport\(\s*["']([^."'][^"']*)["']/gm;

/**
 * Find the packages that sources import, with all that those depend on.
 *
 * @param {readonly string[]} folders of sources, from the project's folder on
 * @returns {Promise<string[]>} their places, such as `node_modules/pino`, in order
 * @throws {SetupError} where one is not installed
 */
export async function neededPackages(folders) {
  const names = new Set();
  for (const folder of folders) {
    for (const file of await sourcesIn(folder)) {
      const text = await readFile(join(root, file), "utf8");
      for (const [, plain, lazy] of text.matchAll(importing)) names.add(packageOf(plain ?? lazy ?? ""));
    }
  }
  const own = [...names].filter((name) => !name.startsWith("node:"));
  return await withDependencies(own.map((name) => locate(name, "")));
}

/**
 * The packages, and those that they depend on.
 *
 * @param {readonly string[]} places
 * @returns {Promise<string[]>} in order
 */
export async function withDependencies(places) {
  // It grows while it is gone through.
  const all = new Set(places);
  for (const place of all) {
    const { dependencies = {} } = await manifestOf(place);
    for (const name of Object.keys(dependencies)) all.add(locate(name, place));
  }
  return [...all].sort();
}

/**
 * @param {string} place of a package
 * @returns {Promise<{ name: string, version: string, license?: string, dependencies?: Record<string, string> }>}
 */
export async function manifestOf(place) {
  return JSON.parse(await readFile(join(root, place, "package.json"), "utf8"));
}

/**
 * Where a package is that another one asks for: the nearest folder of packages that has it.
 *
 * @param {string} name
 * @param {string} from place of the package that asks; empty: the project
 */
export function locate(name, from) {
  for (let at = from; ; at = dirname(at)) {
    const place = join(at === "." ? "" : at, "node_modules", name);
    if (existsSync(join(root, place, "package.json"))) return place;
    if (at === "" || at === ".") throw new SetupError(`${name} is not installed; npm start installs what is missing`);
  }
}

/** @param {string} specifier such as `@noble/hashes/sha2.js` */
function packageOf(specifier) {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

/** @param {string} folder */
async function sourcesIn(folder) {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter(({ name }) => /\.(?:ts|js)$/.test(name) && !name.endsWith(".d.ts"));
  return files.map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1));
}
