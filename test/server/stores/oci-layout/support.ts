import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Digest } from "../../../../content/digest.ts";
import { algorithmOf, hexOf } from "../../../../content/digest.ts";
import type { MirrorSource } from "../../../../server/mirror/source.ts";
import { openOciLayoutSource } from "../../../../server/stores/oci-layout/source.ts";
import { digestOf } from "../../../suite/support.ts";
import { createLog } from "../../../support/log.ts";
import { makeTempDir } from "../../../support/temp-dir.ts";

/** A layout of a test's own, and what is made of it. */
export interface TestLayout {
  readonly root: string;
  readonly source: MirrorSource;
  /** What was said, one line after the other. */
  readonly log: () => string;
  /** The content of its namespace. */
  readonly store: ReturnType<MirrorSource["in"]>;
}

/** An empty layout in a folder `app`, opened; some parts may be left out or other ones. */
export async function openTestLayout({
  marker = '{"imageLayoutVersion":"1.0.0"}',
  index = { schemaVersion: 2, manifests: [] },
}: {
  readonly marker?: string | undefined;
  readonly index?: unknown;
} = {}): Promise<TestLayout> {
  const root = join(await makeTempDir(), "app");
  await mkdir(join(root, "blobs"), { recursive: true });
  if (marker !== "") await writeFile(join(root, "oci-layout"), marker);
  await writeIndex(root, index);
  return { root, ...openTestSource(root) };
}

/** The source of a folder, for one test. */
export function openTestSource(path: string): Omit<TestLayout, "root"> {
  const { logger, text: log } = createLog();
  const source = openOciLayoutSource(path, { logger });
  onTestFinished(() => source[Symbol.asyncDispose]());
  return { source, log, store: source.in({ namespace: "default" }) };
}

export async function writeIndex(root: string, index: unknown): Promise<void> {
  await writeFile(join(root, "index.json"), typeof index === "string" ? index : JSON.stringify(index));
}

/** Put a blob into a layout, as its tools do. */
export async function putBlob(root: string, data: Uint8Array, digest = digestOf(data)): Promise<Digest> {
  const file = blobFile(root, digest);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, data);
  return digest;
}

export function blobFile(root: string, digest: Digest): string {
  return join(root, "blobs", algorithmOf(digest), hexOf(digest));
}

/** Never aborted. */
export const going = new AbortController().signal;
