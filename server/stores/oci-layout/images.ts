import { lstat } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isDigest } from "../../../content/digest.ts";
import { isKind } from "../../../content/errors.ts";
import type { Image, ImageTarget } from "../../../content/image.ts";
import type { Fields } from "../../../content/references/json.ts";
import { fieldsOf, isObject, listOf, parseJson, sizeOf, textOf } from "../../../content/references/json.ts";
import { documentLimits } from "../../../content/references.ts";
import type { Labels } from "../../../content/store.ts";
import type { LeftOut } from "../../mirror/left-out.ts";
import { infoOf } from "./blobs.ts";
import { folderError, readSmallFile, unavailable } from "./folder.ts";
import { nestsDeeperThan } from "./json-depth.ts";

/** Longest `index.json`, in bytes; it takes 60 ms to parse. */
const maxIndexBytes = 4 * 1024 * 1024;

/** Lists and objects in each other; people make six. */
const maxDepth = 100;

/** A file that is being written over is read again so often, with so many milliseconds between. */
const tries = 5;
const pauseMs = 50;

/** What names an image in `index.json`: BuildKit's and containerd's own, and the layout's (OCI image-spec annotations.md). */
const nameKeys = ["io.containerd.image.name", "org.opencontainers.image.ref.name"] as const;

/**
 * The images that `index.json` lists, each with its name: the one that it says whole, or the folder's name with its tag, or where it
 * says none with its digest, as containerd names what it imports. They are as old as the files that they stand for.
 *
 * What is no image, or has no name that people can read, is left out; so is the second of two with one name.
 *
 * @throws `unavailable` where the file is not there, or not as it should be for longer than a write takes
 */
export async function* imagesIn(
  { root, folderName }: { readonly root: string; readonly folderName: string },
  leftOut: LeftOut,
  signal: AbortSignal,
): AsyncGenerator<Image, void, undefined> {
  const { index, changedAt } = await readIndex(root, signal);
  const manifests = listOf(index["manifests"]);
  if (manifests.length > documentLimits.references) {
    leftOut("manifests in index.json", `more than ${documentLimits.references} of them`);
  }
  const told = new Map<string, string>();
  const created = new Map<string, Date>();
  for (const [at, value] of manifests.slice(0, documentLimits.references).entries()) {
    const { target, fault } = readTarget(value);
    if (target === undefined) {
      leftOut(`manifest ${at} in index.json`, fault);
      continue;
    }
    const name = nameOf(target, folderName);
    const before = name === undefined ? undefined : told.get(name);
    if (name === undefined || (before !== undefined && before !== target.digest)) {
      leftOut(`manifest ${at} in index.json`, name === undefined ? "it has no readable name" : "its name is taken");
      continue;
    }
    if (before !== undefined) continue;
    told.set(name, target.digest);
    const createdAt = created.get(target.digest) ?? (await createdAtOf(root, target)) ?? changedAt;
    created.set(target.digest, createdAt);
    yield { name, labels: {}, target, createdAt, updatedAt: createdAt };
  }
}

/** Read until it is whole, for a moment: not everybody writes a new file in the place of the one before. */
async function readIndex(root: string, signal: AbortSignal): Promise<{ index: Fields; changedAt: Date }> {
  const path = join(root, "index.json");
  for (let left = tries; left > 0; left -= 1) {
    const bytes = await readSmallFile(path, "index.json", maxIndexBytes);
    if (bytes === undefined) throw unavailable("it has no index.json; its images are not known without");
    if (nestsDeeperThan(bytes, maxDepth)) throw unavailable("its index.json is nested too deeply; it is not read");
    const index = parseJson(bytes);
    if (isObject(index) && Array.isArray(index["manifests"])) return { index, changedAt: await changedAtOf(path) };
    if (left > 1) await delay(pauseMs, undefined, { signal });
  }
  throw unavailable("its index.json is damaged or half written; images stay as they were before");
}

async function changedAtOf(path: string): Promise<Date> {
  try {
    return new Date(Math.floor((await lstat(path)).mtimeMs));
  } catch (error) {
    throw folderError(error, "read its index.json");
  }
}

/** A descriptor (OCI image-spec descriptor.md). */
function readTarget(value: unknown): { readonly target?: ImageTarget; readonly fault?: string } {
  const fields = fieldsOf(value);
  const { digest } = fields;
  if (typeof digest !== "string" || !isDigest(digest)) return { fault: "it has no digest" };
  const mediaType = textOf(fields["mediaType"]);
  if (mediaType === undefined) return { fault: "it has no media type" };
  const size = sizeOf(fields["size"]);
  if (size === undefined || size === 0) return { fault: "it has no size" };
  return { target: { mediaType, digest, size, annotations: textsOf(fieldsOf(fields["annotations"])) } };
}

function textsOf(fields: Fields): Labels {
  const entries = Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries(entries);
}

/** @returns absent: what it is named is no text that people can read */
function nameOf({ annotations, digest }: ImageTarget, folderName: string): string | undefined {
  const key = nameKeys.find((each) => Object.hasOwn(annotations, each));
  if (key === undefined) return `${folderName}@${digest}`;
  const name = textOf(annotations[key]);
  if (name === undefined) return undefined;
  return key === nameKeys[0] || /[/:@]/.test(name) ? name : `${folderName}:${name}`;
}

/** What a folder is called in the names of its images. */
export function folderNameOf(path: string): string {
  return textOf(basename(path)) ?? "layout";
}

async function createdAtOf(root: string, { digest }: ImageTarget): Promise<Date | undefined> {
  try {
    return (await infoOf(root, digest)).createdAt;
  } catch (error) {
    if (isKind(error, "not-found") || isKind(error, "data-loss")) return undefined;
    throw error;
  }
}
