import { spawn } from "node:child_process";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import { openLocalStore } from "../../../server/stores/local/store.ts";
import { createMemoryStore } from "../../../server/stores/memory/store.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { digestOf, get, openTestMetadata } from "./support.ts";

const crasher = join(import.meta.dirname, "crash-at-commit.ts");

/** Run a process that commits "bytes" as ref `r` of namespace `a`, and is killed at a point of it. */
async function crash(root: string, point: "before" | "after"): Promise<void> {
  const child = spawn(process.execPath, [crasher, root, point], { stdio: ["ignore", "inherit", "inherit"] });
  const signal = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (_, by) => resolve(by));
  });
  expect(signal).toBe("SIGKILL");
}

async function reopen(root: string) {
  const below = await openLocalStore(root);
  onTestFinished(() => below[Symbol.asyncDispose]());
  const opened = await openTestMetadata({ root, below });
  return { ...opened, below, store: opened.metadata.in({ namespace: "a" }) };
}

const digest = digestOf("bytes");

describe("a server that is killed while it commits", () => {
  test("between the rename and the row has the blob, with its labels and under its lease, and no ingest", async () => {
    const root = await makeTempDir();
    await crash(root, "after");
    const { store, metadata } = await reopen(root);
    expect(await store.info(digest)).toMatchObject({ size: 5, labels: { kept: "yes" } });
    expect(await get(store, digest)).toBe("bytes");
    expect(await Array.fromAsync(metadata.ingests("*"))).toEqual([]);
    expect(await metadata.leases.resources("a", "l")).toEqual([{ type: "content", id: digest }]);
    using view = metadata.snapshot();
    expect(view.totals("*")).toEqual({ count: 1, bytes: 5 });
  });

  test("before the rename has the ingest, which resumes to the blob", async () => {
    const root = await makeTempDir();
    await crash(root, "before");
    const { store, metadata } = await reopen(root);
    expect(await metadata.leases.resources("a", "l")).toEqual([{ type: "ingests", id: "r" }]);
    await expect(store.info(digest)).rejects.toMatchObject({ kind: "not-found" });
    const writer = await store.writer({ ref: "r" });
    expect(await writer.status()).toMatchObject({ offset: 5 });
    expect(await writer.commit({ expected: digest })).toBe(digest);
    expect(await get(store, digest)).toBe("bytes");
  });
});

test("an ingest whose row was lost is found again, under its namespace and ref", async () => {
  const root = await makeTempDir();
  const below = await openLocalStore(root);
  const writer = await below.writer({ ref: "a/7/some/ref" });
  await writer.write(Buffer.from("by"));
  await writer.close();
  await below[Symbol.asyncDispose]();
  const { store, metadata, close } = await reopen(root);
  expect(await store.status("some/ref")).toMatchObject({ offset: 2 });
  expect(await metadata.namespaces.list()).toMatchObject([{ name: "a" }]);
  const resumed = await store.writer({ ref: "some/ref" });
  await resumed.write(Buffer.from("tes"));
  expect(await resumed.commit()).toBe(digest);
  await close();
});

test("of two ingests of one ref that lost their rows the newer one stays", async () => {
  const below = createMemoryStore();
  for (const [ref, text] of [
    ["a/3/r", "old"],
    ["a/12/r", "newer"],
  ] as const) {
    const writer = await below.writer({ ref });
    await writer.write(Buffer.from(text));
    await writer.close();
  }
  const { metadata } = await openTestMetadata({ below });
  expect(await metadata.in({ namespace: "a" }).status("r")).toMatchObject({ offset: 5 });
  expect(await Array.fromAsync(below.listStatuses())).toHaveLength(1);
});

test("a row whose bytes are gone below goes too", async () => {
  const { metadata, root, below, close } = await openTestMetadata();
  await (await metadata.in({ namespace: "a" }).writer({ ref: "r" })).close();
  await close();
  const [status] = await Array.fromAsync(below.listStatuses());
  await below.abort(status?.ref ?? "");
  const again = await openTestMetadata({ root, below });
  expect(await Array.fromAsync(again.metadata.ingests("*"))).toEqual([]);
});

test("an ingest that nobody went on with for a day is dropped at the next look, and the feed says so", async () => {
  const { metadata, root, below, close } = await openTestMetadata();
  const store = metadata.in({ namespace: "a" });
  await (await store.writer({ ref: "old" })).close();
  await (await store.writer({ ref: "new" })).close();
  await close();
  using tables = new DatabaseSync(join(root, "metadata.db"));
  tables.exec("UPDATE ingest SET expires_at = 1 WHERE ref = 'old'");
  tables.close();
  const again = await openTestMetadata({ root, below });
  const refs = async () => (await Array.fromAsync(again.metadata.ingests("*"))).map(({ status }) => status.ref);
  await expect.poll(refs).toEqual(["new"]);
  await expect.poll(() => again.changes).toMatchObject([{ ref: "old", end: { outcome: "expired" } }]);
  await expect.poll(() => Array.fromAsync(below.listStatuses())).toHaveLength(1);
});
