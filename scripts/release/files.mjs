import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../setup/paths.mjs";

/**
 * @typedef {object} ReleaseFile
 * @property {string} path in the release
 * @property {Buffer} body
 * @property {boolean} [runs] true: it is a program
 */

/** Texts of a licence, and what must go with it. */
const legal = /^(?:licen[cs]e|notice|copying|authors)/i;

/** What no package needs when it runs. */
const idle = {
  folders: /^(?:\.github|bench|benchmarks|docs|examples?|tests?|__tests__)$/,
  files: /(?:\.[cm]?ts|\.map|\.md|\.markdown|\.tsbuildinfo|^\.\w.*)$/,
};

/**
 * All files of a folder of ours.
 *
 * @param {string} folder from the project's folder on
 * @param {RegExp} [left] those that are left out
 */
export async function filesOf(folder, left = /$^/) {
  return await readAll(folder, await pathsIn(folder, left, () => true));
}

/**
 * What of a package is needed when it runs, and its licence.
 *
 * @param {string} place such as `node_modules/pino`
 */
export async function filesOfPackage(place) {
  const wanted = (name, depth) => !(depth === 0 && idle.folders.test(name)) && name !== "node_modules";
  const paths = await pathsIn(place, /$^/, wanted);
  return await readAll(
    place,
    paths.filter((path) => {
      const name = path.slice(path.lastIndexOf("/") + 1);
      return legal.test(name) || !idle.files.test(name);
    }),
  );
}

/**
 * A file of the project.
 *
 * @param {string} path from the project's folder on
 * @returns {Promise<ReleaseFile>}
 */
export async function fileAt(path) {
  const { mode } = await stat(join(root, path));
  return { path, body: await readFile(join(root, path)), runs: (mode & 0o100) !== 0 };
}

/**
 * The licences of packages, one after the other, each with its name.
 *
 * @param {readonly string[]} places
 */
export async function licencesOf(places) {
  const texts = await Promise.all(
    places.map(async (place) => {
      const names = (await readdir(join(root, place))).filter((name) => legal.test(name)).sort();
      const { name, version, license } = JSON.parse(await readFile(join(root, place, "package.json"), "utf8"));
      const parts = await Promise.all(names.map((each) => readFile(join(root, place, each), "utf8")));
      return [`${name} ${version} (${license ?? "see below"})`, ...parts.map((part) => part.trim())].join("\n\n");
    }),
  );
  return `${texts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

/**
 * @param {string} folder
 * @param {readonly string[]} paths in it
 */
async function readAll(folder, paths) {
  return await Promise.all(paths.map((path) => fileAt(`${folder}/${path}`)));
}

/**
 * @param {string} folder
 * @param {RegExp} left
 * @param {(name: string, depth: number) => boolean} enters which folders are gone into
 * @param {number} [depth]
 * @returns {Promise<string[]>} from the folder on
 */
async function pathsIn(folder, left, enters, depth = 0) {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const nested = entries.map(async (entry) => {
    if (!entry.isDirectory()) return entry.isFile() && !left.test(entry.name) ? [entry.name] : [];
    if (!enters(entry.name, depth)) return [];
    const below = await pathsIn(`${folder}/${entry.name}`, left, enters, depth + 1);
    return below.map((path) => `${entry.name}/${path}`);
  });
  return (await Promise.all(nested)).flat();
}
