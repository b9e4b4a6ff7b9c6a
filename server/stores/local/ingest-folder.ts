import { createHash } from "node:crypto";
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { chmod, lstat, mkdir, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDigest } from "../../../content/digest.ts";
import type { Ingest } from "../ingest.ts";
import { directoryMode } from "./layout.ts";
import { codeOf } from "./system-error.ts";

/** Mode of what is still being written. */
export const ingestMode = 0o640;

/** The name of a ref's folder: refs are any text, names are not. */
export function folderNameOf(ref: string): string {
  return createHash("sha256").update(ref).digest("hex");
}

/** The file that an ingest's bytes are in. */
export const dataFile = (folder: string): string => join(folder, "data");

/**
 * Make the folder of a new ingest; `data`, without which a folder counts for nothing, is made last.
 *
 * @returns its `data`, open for reading and writing
 */
export async function createFolder(folder: string, ingest: Ingest): Promise<FileHandle> {
  await mkdir(folder, { mode: directoryMode });
  await Promise.all([
    put(folder, "ref", ingest.ref),
    put(folder, "startedat", ingest.startedAt.toISOString()),
    putDeclared(folder, ingest),
  ]);
  return open(dataFile(folder), constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, ingestMode);
}

/** Write down what is declared of an ingest, as far as it is known. */
export async function putDeclared(folder: string, { total, expected }: Ingest): Promise<void> {
  if (total > 0) await put(folder, "total", String(total));
  if (expected !== undefined) await put(folder, "expected", expected);
}

/** Open the bytes of an ingest to go on. */
export function openData(folder: string): Promise<FileHandle> {
  return open(dataFile(folder), constants.O_RDWR | constants.O_NOFOLLOW);
}

/**
 * What a folder holds; absent for one that is incomplete. What a crash left unreadable of its declaration is unknown.
 *
 * @param name of the folder; it must be that of the ref within
 * @throws where it cannot be told what it holds
 */
export async function readFolder(folder: string, name: string): Promise<Ingest | undefined> {
  const ref = await get(folder, "ref");
  const data = await lstat(dataFile(folder)).catch(absent);
  if (ref === undefined || folderNameOf(ref) !== name || !data?.isFile()) return undefined;
  // It was marked as a blob, and the process ended before it got its name.
  if ((data.mode & 0o200) === 0) await chmod(dataFile(folder), ingestMode);
  const total = Number(await get(folder, "total"));
  const expected = await get(folder, "expected");
  const startedAt = new Date((await get(folder, "startedat")) ?? "");
  return {
    ref,
    startedAt: Number.isNaN(startedAt.getTime()) ? data.mtime : startedAt,
    total: Number.isSafeInteger(total) && total > 0 ? total : 0,
    expected: expected !== undefined && isDigest(expected) ? expected : undefined,
    offset: data.size,
    updatedAt: data.mtime,
    aborted: false,
  };
}

function put(folder: string, name: string, text: string): Promise<void> {
  return writeFile(join(folder, name), text, { mode: ingestMode });
}

function get(folder: string, name: string): Promise<string | undefined> {
  return readFile(join(folder, name), "utf8").catch(absent);
}

function absent(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT" && codeOf(error) !== "ENOTDIR") throw error;
}
