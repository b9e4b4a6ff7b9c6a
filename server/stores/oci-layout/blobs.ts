import type { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { lstat, open, realpath } from "node:fs/promises";
import type { Digest } from "../../../content/digest.ts";
import { algorithms, isDigest } from "../../../content/digest.ts";
import { ContentError, throwIfCancelled } from "../../../content/errors.ts";
import { blobAdaptor, compileFilters } from "../../../content/filters.ts";
import { toMoment } from "../../../content/instant.ts";
import type { Info } from "../../../content/store.ts";
import type { LeftOut } from "../../mirror/left-out.ts";
import { codeOf, systemError } from "../local/system-error.ts";
import type { BlobFile } from "../local/verdicts.ts";
import { noSuchBlob, wrongBytes } from "../refusals.ts";
import { blobsOf, fileOf, hasBlobsOf, readFlags } from "./folder.ts";
import { digestsIn } from "./names.ts";

/** Files that are looked at at once. */
const infosAtOnce = 16;

/** What is known of a blob by its file. @throws `not-found`; `data-loss` for what is no file */
export async function infoOf(root: string, digest: Digest): Promise<Info> {
  return infoFrom(digest, await statOf(root, digest));
}

async function statOf(root: string, digest: Digest): Promise<Stats> {
  try {
    const stats = await lstat(fileOf(root, digest));
    if (stats.isFile()) return stats;
  } catch (error) {
    throw fileError(error, digest);
  }
  throw wrongBytes(digest);
}

function infoFrom(digest: Digest, { size, mtimeMs }: Stats): Info {
  const createdAt = toMoment(Math.floor(mtimeMs * 1000));
  return { digest, size, createdAt, updatedAt: createdAt, labels: {} };
}

/** All blobs, in the order of digests. What is no file with the name of a digest is left out. */
export async function* walkBlobs(
  root: string,
  leftOut: LeftOut,
  filters?: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<Info, void, undefined> {
  const matches = compileFilters(filters);
  for (const algorithm of algorithms.toSorted()) {
    if (!(await hasBlobsOf(root, algorithm))) continue;
    const odd = (count: number): void =>
      leftOut(`files in blobs/${algorithm} with other names than digests`, `${count} of them`);
    for await (const digests of digestsIn(blobsOf(root, algorithm), { algorithm, odd, signal })) {
      for (let at = 0; at < digests.length; at += infosAtOnce) {
        throwIfCancelled(signal);
        const some = digests.slice(at, at + infosAtOnce);
        for (const info of await Promise.all(some.map((digest) => tryInfoOf(root, digest, leftOut)))) {
          if (info !== undefined && matches(blobAdaptor(info))) yield info;
        }
      }
    }
  }
}

/** @returns absent for one that went meanwhile, and for what is no file */
async function tryInfoOf(root: string, digest: Digest, leftOut: LeftOut): Promise<Info | undefined> {
  try {
    return await infoOf(root, digest);
  } catch (error) {
    if (!(error instanceof ContentError) || (error.kind !== "not-found" && error.kind !== "data-loss")) throw error;
    if (error.kind === "data-loss") leftOut(`content ${digest}`, "it is no file");
    return undefined;
  }
}

/**
 * Open the file of a blob. Whether its bytes are right is for who reads it to find out, so that even who wins a race against
 * these looks gains nothing but bytes whose digest was known before.
 *
 * @throws `not-found`; `data-loss` for what is no file, or stands behind a link; `unavailable` where it cannot be opened
 */
export async function openBlob(root: string, digest: Digest): Promise<BlobFile> {
  if (!isDigest(digest)) throw noSuchBlob(digest);
  const path = fileOf(root, digest);
  // A device does something when it is opened.
  await statOf(root, digest);
  let handle: FileHandle;
  try {
    handle = await open(path, readFlags);
  } catch (error) {
    throw fileError(error, digest);
  }
  try {
    const stat = await handle.stat({ bigint: true });
    if (!stat.isFile() || (await realpath(path)) !== path) throw wrongBytes(digest);
    return { handle, stat, close: () => void handle.close().catch(() => undefined) };
  } catch (error) {
    await handle.close();
    throw fileError(error, digest);
  }
}

function fileError(error: unknown, digest: Digest): ContentError {
  const code = codeOf(error);
  if (code === "ENOENT" || code === "ENOTDIR") return noSuchBlob(digest);
  // A link; a socket.
  if (code === "ELOOP" || code === "ENXIO") return wrongBytes(digest);
  if (code === "EACCES" || code === "EPERM") {
    const text = `content ${digest}: this server's user may not read its file; give it the right to`;
    return new ContentError("unavailable", text);
  }
  return systemError(error, `open content ${digest}`);
}
