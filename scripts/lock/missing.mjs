import { platformOf } from "./platform.mjs";

/**
 * @typedef {object} LockEntry
 * @property {string} [version]
 * @property {boolean} [dev] only developers need it
 * @property {string} [license]
 * @property {string} [integrity]
 * @property {string} [resolved] where it was downloaded from
 * @property {Record<string, string>} [optionalDependencies]
 */

/** @typedef {{ packages: Record<string, LockEntry> }} Lock a package-lock.json of version 3 */

/**
 * Find the optional packages that a lock file names and does not hold.
 *
 * npm leaves out those for other machines where its registry does not have them, and then refuses to install by the lock.
 *
 * @param {Lock} lock
 * @returns {Record<string, object>} the entries to add, by their place in the tree; without integrity, which nobody could look up
 * @throws {Error} where one is asked for by a range, or its name does not tell which machines it is for
 */
export function missingEntries({ packages }) {
  const missing = {};
  for (const [place, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (placesSeenFrom(place, name).some((seen) => packages[seen] !== undefined)) continue;
      missing[`node_modules/${name}`] = entryFor(name, version, entry);
    }
  }
  return missing;
}

/**
 * Where a package looks for another, the nearest first.
 *
 * @param {string} place
 * @param {string} name
 */
function placesSeenFrom(place, name) {
  const folders = place
    .split("/node_modules/")
    .map((_, depth, all) => all.slice(0, all.length - depth).join("/node_modules/"));
  const nested = folders.filter((folder) => folder !== "").map((folder) => `${folder}/node_modules/${name}`);
  return [...nested, `node_modules/${name}`];
}

/**
 * @param {string} name
 * @param {string} version
 * @param {LockEntry} parent
 */
function entryFor(name, version, parent) {
  if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
    throw new Error(`${name} is asked for as ${version}, not as one version`);
  const { os, cpu, libc } = platformOf(name);
  return {
    version,
    cpu,
    ...(parent.dev && { dev: true }),
    ...(libc && { libc }),
    ...(parent.license && { license: parent.license }),
    optional: true,
    os,
  };
}
