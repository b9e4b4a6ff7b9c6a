import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { missingEntries } from "../lock/missing.mjs";

/**
 * Tell what keeps package-lock.json from installing on every machine.
 *
 * @param {string} root the project's folder
 * @returns {Promise<string[]>}
 */
export async function lockFaults(root) {
  const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8"));
  const missing = Object.keys(missingEntries(lock));
  const addressed = Object.entries(lock.packages).filter(([, entry]) => entry.resolved !== undefined);
  return [
    ...missing.map((place) => `${place} is not in the lock; run node scripts/complete-lock.mjs`),
    ...addressed.map(([place]) => `${place} holds a download address; install with the project's .npmrc`),
  ];
}
