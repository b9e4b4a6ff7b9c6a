import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import type { Metadata } from "../../../server/metadata/metadata.ts";
import { openMetadata } from "../../../server/metadata/sqlite.ts";
import { createMemoryStore } from "../../../server/stores/memory/store.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { put } from "./support.ts";

const below = createMemoryStore();

async function open(root: string, backends?: readonly string[]): Promise<Metadata> {
  const logger = pino({ level: "silent" });
  const metadata = await openMetadata({ root, below, logger, ...(backends && { backends }) });
  onTestFinished(() => metadata[Symbol.asyncDispose]());
  return metadata;
}

/** Begin an ingest and leave it. */
async function begin(metadata: Metadata, namespace: string, ref: string): Promise<void> {
  await using writer = await metadata.in({ namespace }).writer({ ref });
  await writer.write(Buffer.from("half"));
}

const refsOf = async (metadata: Metadata, namespace: string) =>
  (await Array.fromAsync(metadata.ingests([namespace]))).map(({ status }) => status.ref);

test("what a containerd left in its namespace has no time to go, and nothing of it expires", async () => {
  const root = await makeTempDir();
  const before = await open(root);
  await begin(before, "cluster", "old");
  await begin(before, "team", "old");
  await before[Symbol.asyncDispose]();
  const database = new DatabaseSync(join(root, "metadata.db"));
  database.exec("UPDATE ingest SET expires_at = 1");
  database.close();

  const metadata = await open(root, ["cluster"]);
  await expect.poll(() => refsOf(metadata, "team")).toEqual([]);
  expect(await refsOf(metadata, "cluster")).toEqual(["old"]);
  await begin(metadata, "cluster", "new");
  await begin(metadata, "team", "new");
  const expiry = async (namespace: string) => (await Array.fromAsync(metadata.ingests([namespace]))).at(0)?.expiresAt;
  expect(await expiry("team")).toBeInstanceOf(Date);
  expect((await Array.fromAsync(metadata.ingests(["cluster"])))[0]).not.toHaveProperty("expiresAt");
});

test("nothing in the namespace of a containerd is collected, whoever uses leases there", async () => {
  const metadata = await open(await makeTempDir(), ["cluster"]);
  for (const namespace of ["cluster", "team"]) {
    await put(metadata, namespace, `kept by nothing in ${namespace}`);
    await metadata.leases.create(namespace, "a-lease", {});
  }
  expect(await metadata.collect()).toMatchObject({ blobs: 1 });
  expect(await Array.fromAsync(metadata.in({ namespace: "team" }).walk())).toEqual([]);
  const left = await Array.fromAsync(metadata.in({ namespace: "cluster" }).walk());
  const [blob] = left;
  if (blob === undefined || left.length > 1) throw new Error("one is left");
  // The containerd takes what it wants, and tells nobody what that will be.
  expect(await metadata.catalog.hold("cluster", blob.digest)).toMatchObject({ state: "untold" });
  expect(metadata.catalog.namespaces()).toMatchObject([
    { name: "cluster", collected: false, untold: true },
    { name: "team", collected: true, untold: false },
  ]);
});
