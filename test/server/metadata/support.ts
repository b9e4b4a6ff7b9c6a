import { createHash } from "node:crypto";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import type { Digest } from "../../../content/digest.ts";
import { makeDigest } from "../../../content/parse-digest.ts";
import type { Labels, Store } from "../../../content/store.ts";
import type { Change } from "../../../server/feed/change.ts";
import type { Metadata } from "../../../server/metadata/metadata.ts";
import type { Sharing } from "../../../server/metadata/sharing.ts";
import { openMetadata } from "../../../server/metadata/sqlite.ts";
import { createMemoryStore } from "../../../server/stores/memory/store.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

/** A metadata for one test, over a store in memory unless another is given. */
export async function openTestMetadata(options: { root?: string; below?: Store; sharing?: Sharing } = {}) {
  const root = options.root ?? (await makeTempDir());
  const below = options.below ?? createMemoryStore();
  const metadata = await openMetadata({ ...options, root, below, logger: pino({ level: "silent" }) });
  const changes: Change[] = [];
  metadata.feed.listen((change) => changes.push(change));
  let open = true;
  const close = async (): Promise<void> => {
    if (open) await metadata[Symbol.asyncDispose]();
    open = false;
  };
  onTestFinished(close);
  return { metadata, below, root, changes, close };
}

export function digestOf(text: string): Digest {
  return makeDigest("sha256", createHash("sha256").update(text).digest("hex"));
}

/** Store a text in a namespace. @returns its digest */
export async function put(metadata: Metadata, namespace: string, text: string, labels: Labels = {}): Promise<Digest> {
  const writer = await metadata.in({ namespace }).writer({ ref: `put-${text.slice(0, 50)}` });
  await writer.write(Buffer.from(text));
  return await writer.commit({ labels });
}

/** Read a whole blob as a text. */
export async function get(store: Store, digest: Digest): Promise<string> {
  await using reader = await store.readerAt({ digest });
  const chunks: Buffer[] = [];
  for await (const chunk of reader.read(0)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}
