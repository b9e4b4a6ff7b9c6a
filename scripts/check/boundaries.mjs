import { readdir, readFile } from "node:fs/promises";
import { join, posix, relative, sep } from "node:path";

/** Folders that hold our own code. */
const folders = ["app", "content", "scripts", "server", "test"];

/**
 * @typedef {object} Rule
 * @property {RegExp} of files that must not be imported
 * @property {RegExp} [from] only these may, beside what stands in the same folder of the tree
 * @property {RegExp} [notFrom] all but these may
 * @property {string} why
 */

/** @type {readonly Rule[]} */
const rules = [
  { of: /^app\//, from: /^(?:app|test)\//, why: "nothing imports the dashboard" },
  { of: /^server\//, from: /^(?:server|test)\//, why: "what runs in browsers knows no server" },
  { of: /^test\//, from: /^test\//, why: "nothing imports tests" },
  { of: /^scripts\//, from: /^(?:scripts|test)\//, why: "scripts are for set-up and checks" },
  {
    of: /^gen\//,
    from: /^(?:content\/wire|content\/remote\/|server\/services\/|server\/policy\/|server\/store-set\/implement|server\/relay\/|server\/listen\/grpc\/|test\/)/,
    why: "generated types stay at the wire",
  },
  { of: /^server\/services\//, notFrom: /^server\/stores\//, why: "a store knows no service" },
];

/**
 * Read once, in one place; the rest is told. Scripts and tests are programs of their own, and what the page reads is put in by its
 * build.
 */
const surroundings = {
  text: /\bprocess\.(?:env|argv)\b/,
  in: /^(?:app|content|server)\//,
  only: /^(?:server\/config|app\/_live\/version)\.ts$/,
};

const importing = /(?:\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)["'](\.[^"']+)["']/g;

/**
 * Find imports that go against the arrows between the folders.
 *
 * @param {string} root the project's folder
 * @returns {Promise<string[]>} a line for each
 */
export async function boundaryFaults(root) {
  const faults = [];
  for (const folder of folders) {
    for (const file of await sourcesIn(root, folder))
      faults.push(...faultsOf(file, await readFile(join(root, file), "utf8")));
  }
  return faults;
}

/**
 * @param {string} file from the project's folder on
 * @param {string} text its content
 * @returns {string[]}
 */
export function faultsOf(file, text) {
  const imported = [...text.matchAll(importing)].map(([, specifier = ""]) =>
    posix.join(posix.dirname(file), specifier),
  );
  const faults = imported.flatMap((target) =>
    rules.filter((rule) => breaks(rule, file, target)).map(({ why }) => `${file} imports ${target}: ${why}`),
  );
  const reads = surroundings.in.test(file) && !surroundings.only.test(file) && surroundings.text.test(text);
  return reads ? [...faults, `${file} reads process.env or argv: only server/config.ts does`] : faults;
}

/**
 * @param {Rule} rule
 * @param {string} file
 * @param {string} target
 */
function breaks({ of, from, notFrom }, file, target) {
  if (!of.test(target)) return false;
  return (from !== undefined && !from.test(file)) || (notFrom?.test(file) ?? false);
}

/**
 * @param {string} root
 * @param {string} folder
 */
async function sourcesIn(root, folder) {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.(?:tsx?|mjs)$/.test(entry.name));
  return files.map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/")).sort();
}
