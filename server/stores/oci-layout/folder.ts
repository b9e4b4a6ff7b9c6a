import { constants } from "node:fs";
import { lstat, open, realpath, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Algorithm, Digest } from "../../../content/digest.ts";
import { algorithmOf, hexOf } from "../../../content/digest.ts";
import { ContentError } from "../../../content/errors.ts";
import { fieldsOf, parseJson, textOf } from "../../../content/references/json.ts";
import { codeOf } from "../local/system-error.ts";

/** Never through a link, never waiting for the other end of a pipe. */
export const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Bytes of the file that says which version a layout has; it is 31 bytes long. */
const maxMarkerBytes = 4 * 1024;

/** A layout as it was found: the folder itself, where links on the way to it lead now. */
export interface FoundLayout {
  /** Absolute, without a link in it. */
  readonly root: string;
  /** Another one where the folder was replaced. */
  readonly identity: string;
  /** Such as `1.0.0`; absent: it does not say, as the caches of older BuildKits. */
  readonly version?: string;
}

/**
 * Find a layout (OCI image-spec image-layout.md): a folder with `oci-layout`, or with `index.json` and `blobs` alone. The way to it may
 * lead through links, so that one can be switched from a folder to the next; in it none is followed.
 *
 * @throws `unavailable` in one line that says what is wrong, and what to do
 */
export async function findLayout(path: string): Promise<FoundLayout> {
  const { root, identity } = await findFolder(path);
  const marker = await readMarker(root);
  const [index, blobs] = [await kindOf(join(root, "index.json")), await kindOf(join(root, "blobs"))];
  if (marker === undefined && (index === "nothing" || blobs === "nothing")) {
    throw unavailable(`it is no OCI image layout; ${await adviceFor(root)}`);
  }
  if (blobs === "other") throw notADirectory("blobs");
  return { root, identity, ...(marker !== undefined && { version: versionOf(marker) }) };
}

/** What people take for a layout, each by the first of these names that is in it, and what to do about it. */
const others: readonly (readonly [name: string, words: string])[] = [
  ["metadata.db", "it is the data directory of a Stowage; open its stowage.sock, or its URL"],
  ["io.containerd.content.v1.content", "it is the folder of a containerd; open the socket of that"],
  ["ingest", "it is where a containerd or a buildkitd keeps its content; open the socket of that"],
  [
    "manifest.json",
    "it has a manifest.json of another form; skopeo copy makes a layout, from dir:FOLDER or docker-archive:FILE to oci:NEW",
  ],
];

async function adviceFor(root: string): Promise<string> {
  for (const [name, words] of others) if ((await kindOf(join(root, name))) !== "nothing") return words;
  return "name the folder that has oci-layout, index.json and blobs in it";
}

/** @throws `unavailable` where it is not the folder any more that was found */
export async function checkSame(path: string, found: Pick<FoundLayout, "identity">): Promise<void> {
  const { identity } = await findFolder(path);
  if (identity !== found.identity) throw unavailable("its folder was replaced while it was read");
}

/** As findLayout, whatever is in it. */
export async function findFolder(path: string): Promise<Pick<FoundLayout, "root" | "identity">> {
  try {
    const root = await realpath(resolve(path));
    const stats = await stat(root, { bigint: true });
    if (!stats.isDirectory()) throw unavailable("it is no folder; name the one that has index.json and blobs in it");
    return { root, identity: `${stats.dev} ${stats.ino} ${root}` };
  } catch (error) {
    throw folderError(error, "open the folder");
  }
}

type Kind = "nothing" | "directory" | "other";

async function kindOf(path: string): Promise<Kind> {
  try {
    return (await lstat(path)).isDirectory() ? "directory" : "other";
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "nothing";
    throw folderError(error, "look into the folder");
  }
}

/** @returns absent: there is no such file */
async function readMarker(root: string): Promise<Uint8Array | undefined> {
  return await readSmallFile(join(root, "oci-layout"), "oci-layout", maxMarkerBytes);
}

/** @throws `unavailable` for a version that is not known here */
function versionOf(marker: Uint8Array): string {
  const version = textOf(fieldsOf(parseJson(marker))["imageLayoutVersion"]);
  if (version === undefined) throw unavailable("its file oci-layout says no version: it is damaged, or no layout's");
  if (!/^1\.\d+\.\d+$/.test(version)) {
    throw unavailable(`its file oci-layout says version ${JSON.stringify(version)}; only 1.x.x can be read`);
  }
  return version;
}

/**
 * A file of a layout, whole.
 *
 * @param name for errors
 * @returns absent: it is not there
 * @throws `unavailable` for what is no file, is longer, or cannot be read
 */
export async function readSmallFile(path: string, name: string, maxBytes: number): Promise<Uint8Array | undefined> {
  try {
    await using handle = await open(path, readFlags);
    const stats = await handle.stat();
    if (!stats.isFile()) throw unavailable(`its ${name} is no file; it is not read`);
    if (stats.size > maxBytes) throw unavailable(`its ${name} is larger than ${maxBytes} bytes; it is not read`);
    const buffer = Buffer.alloc(stats.size);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT") return undefined;
    // A link; a socket.
    if (code === "ELOOP" || code === "ENXIO") throw unavailable(`its ${name} is no file; it is not read`);
    throw folderError(error, `read its ${name}`);
  }
}

/** Where the blobs of an algorithm are. */
export function blobsOf(root: string, algorithm: Algorithm): string {
  return join(root, "blobs", algorithm);
}

/** Where a blob is. */
export function fileOf(root: string, digest: Digest): string {
  return join(blobsOf(root, algorithmOf(digest)), hexOf(digest));
}

/**
 * True for a folder of blobs that is there. What stands behind a link is not the layout's, wherever it is.
 *
 * @throws `unavailable` for what is no folder, or stands behind a link
 */
export async function hasBlobsOf(root: string, algorithm: Algorithm): Promise<boolean> {
  const directory = blobsOf(root, algorithm);
  try {
    if ((await lstat(directory)).isDirectory() && (await realpath(directory)) === directory) return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw folderError(error, "list its blobs");
  }
  throw notADirectory(`blobs/${algorithm}`);
}

function notADirectory(name: string): ContentError {
  return unavailable(`its ${name} is no folder, or a link to one: links in it are not followed`);
}

/** What the system says of a folder, with what to do about it. */
const advice: Readonly<Record<string, string>> = {
  EACCES: "permission denied; give this server's user the right to read it",
  EPERM: "operation not permitted; give this server's user the right to read it",
  ENOENT: "there is no such folder",
  ENOTDIR: "there is no such folder",
  ELOOP: "its links lead in a circle",
};

/** An error of the system as one for people, without a path; a ContentError stays as it is. @param what was tried */
export function folderError(error: unknown, what: string): ContentError {
  if (error instanceof ContentError) return error;
  const code = codeOf(error);
  return unavailable(`this server cannot ${what}: ${advice[code] ?? (code || "it failed")}`);
}

/** What the folder itself does not allow. */
export function unavailable(text: string): ContentError {
  return new ContentError("unavailable", text);
}
