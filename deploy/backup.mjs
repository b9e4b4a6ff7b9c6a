// Copies a data directory while its server runs: node backup.mjs DATA TARGET. A second time into the same target copies what is new.
// Every blob that the copied database names is there: blobs are copied before and after it, and never change.
import { constants } from "node:fs";
import { copyFile, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";

const folders = process.argv.slice(2);
if (folders.length !== 2) {
  process.stderr.write("usage: node backup.mjs DATA TARGET\n");
  process.exit(2);
}

const [data = "", target = ""] = folders.map((folder) => resolve(folder));

/** What is copied besides, where it is there: the server's identity and its config. */
const others = ["uuid", "config.toml"];

await mkdir(target, { recursive: true, mode: 0o750 });
const before = await copyNewBlobs();
await put("metadata.db", copyDatabase);
const after = await copyNewBlobs();
for (const name of others) await put(name, (to) => copyFile(join(data, name), to));
process.stdout.write(`${before + after} blobs copied into ${target}\n`);

/** @returns {Promise<number>} how many the target did not have */
async function copyNewBlobs() {
  let copied = 0;
  for (const entry of await readdir(join(data, "blobs"), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(data, path);
    if (!entry.isFile() || (await isCopied(path, join(target, name)))) continue;
    copied += await put(name, (to) => copyFile(path, to, constants.COPYFILE_FICLONE));
  }
  return copied;
}

/** @param {string} to */
async function copyDatabase(to) {
  const database = new DatabaseSync(join(data, "metadata.db"), { readOnly: true });
  try {
    await backup(database, to);
  } finally {
    database.close();
  }
}

/**
 * Put a file into the target whole, or not at all.
 *
 * @param {string} name from the data directory on
 * @param {(to: string) => Promise<unknown>} make
 * @returns {Promise<number>} 0 where there is none, or it went meanwhile; else 1
 */
async function put(name, make) {
  const path = join(target, name);
  const part = `${path}.part`;
  await mkdir(dirname(path), { recursive: true, mode: 0o750 });
  await rm(part, { force: true });
  try {
    await make(part);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
    throw error;
  }
  const file = await open(part);
  await file.sync();
  await file.close();
  await rename(part, path);
  return 1;
}

/**
 * A blob that was wrong and was written again is copied again.
 *
 * @param {string} from
 * @param {string} to
 */
async function isCopied(from, to) {
  const [source, copy] = await Promise.all([from, to].map((path) => stat(path).catch(() => undefined)));
  return source !== undefined && copy !== undefined && copy.size === source.size && copy.mtimeMs >= source.mtimeMs;
}
