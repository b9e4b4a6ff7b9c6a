// Copies a data directory while its server runs: node backup.mjs DATA TARGET. A second time into the same target copies what is new.
// Every blob that the copied database names is there: blobs are copied before and after it, and never change.
import { constants } from "node:fs";
import { copyFile, mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";

const folders = process.argv.slice(2);
if (folders.length !== 2) {
  process.stderr.write("usage: node backup.mjs DATA TARGET\n");
  process.exit(2);
}

const [data = "", target = ""] = folders.map((folder) => resolve(folder));

/** Databases of the server, where they are there: who may call, and what was changed by whom. */
const serverDatabases = ["access.db", "audit.db"];

/** What is copied besides, where it is there: the server's identity and its config. */
const others = ["uuid", "config.toml"];

try {
  process.stdout.write(`${await copyAll()} blobs copied into ${target}\n`);
} catch (error) {
  if (!(error instanceof Error && "code" in error)) throw error;
  process.stderr.write(`backup: ${error.message}\n`);
  process.exitCode = 1;
}

/** @returns {Promise<number>} blobs that the target did not have */
async function copyAll() {
  await mkdir(target, { recursive: true, mode: 0o750 });
  let copied = 0;
  for (const store of await storeFolders()) {
    copied += await copyNewBlobs(store);
    await put(join(store, "metadata.db"), (to) => copyDatabase(join(store, "metadata.db"), to));
    copied += await copyNewBlobs(store);
  }
  for (const name of serverDatabases) await put(name, (to) => copyDatabase(name, to));
  for (const name of others) await put(name, (to) => copyFile(join(data, name), to));
  return copied;
}

/**
 * Folders with a store's blobs: the data directory, and those of further stores. What is kept of stores elsewhere is only a copy.
 *
 * @returns {Promise<string[]>} from the data directory on
 */
async function storeFolders() {
  const names = await readdir(join(data, "stores")).catch(() => []);
  const further = names.map((name) => join("stores", name));
  const there = await Promise.all(further.map((folder) => stat(join(data, folder, "blobs")).catch(() => undefined)));
  return [".", ...further.filter((_, at) => there[at] !== undefined)];
}

/**
 * @param {string} store its folder
 * @returns {Promise<number>} how many the target did not have
 */
async function copyNewBlobs(store) {
  let count = 0;
  for (const entry of await readdir(join(data, store, "blobs"), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(data, path);
    if (!entry.isFile() || (await isCopied(path, join(target, name)))) continue;
    count += await put(name, (to) => copyFile(path, to, constants.COPYFILE_FICLONE));
  }
  return count;
}

/**
 * The copy is for those who may read the database, from its first byte on: it may tell who called, and what.
 *
 * @param {string} name from the data directory on
 * @param {string} to
 */
async function copyDatabase(name, to) {
  const path = join(data, name);
  // SQLite says of a file that is not there only that it cannot open it.
  const { mode } = await stat(path);
  await writeFile(to, "", { mode });
  const database = new DatabaseSync(path, { readOnly: true });
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
