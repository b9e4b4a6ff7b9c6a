import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { makeDigest } from "../../content/parse-digest.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import { ContentService } from "../../gen/stowage/v1/content_pb.js";
import { openDatabase } from "../../server/metadata/database/database.ts";
import { stampFits } from "../../server/stores/local/stamp.ts";
import { grpcTransport } from "../support/grpc.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { fill } from "./fill/fill.ts";
import { startServer } from "./lists/server.ts";

// Thousands of files and a process, on a slow machine slowly.
vi.setConfig({ testTimeout: 120_000 });

const count = 2000;

describe("a filled directory", () => {
  test("holds every blob as the local store would have left it", async () => {
    const root = await makeTempDir();
    const filled = await fill({ root, count });
    const folder = join(root, "blobs", "sha256");
    const names = await readdir(folder);
    expect([names.length, filled.blobs]).toEqual([count, count]);
    let bytes = 0;
    for (const name of names) {
      const file = join(folder, name);
      const found = await stat(file, { bigint: true });
      const data = await readFile(file);
      bytes += data.length;
      expect(createHash("sha256").update(data).digest("hex")).toBe(name);
      expect(stampFits(makeDigest("sha256", name), found)).toBe(true);
      expect(Number(found.mode) & 0o777).toBe(0o444);
    }
    expect(bytes).toBe(filled.bytes);
  });

  test("is served: every namespace is listed and read, and the totals are what is counted", async () => {
    const root = await makeTempDir();
    const filled = await fill({ root, count });
    const server = await startServer(root);
    onTestFinished(() => server[Symbol.asyncDispose]());
    const seen = await readList(server.url, ["*"]);
    const sizes = new Map(seen.items.map(({ info }) => [info?.digest, Number(info?.size)]));
    const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    expect(sizes.size).toBe(count);
    expect(seen.totals).toEqual([filled.rows, filled.bytes]);
    expect([seen.items.length, bytes]).toEqual([filled.rows, filled.bytes]);

    const names = new Set(seen.items.map(({ namespace }) => namespace));
    expect(names.size).toBeGreaterThan(3);
    for (const namespace of names) {
      const store = createRemoteStore(grpcTransport(server.socket), { namespace });
      const infos = await Array.fromAsync(store.walk());
      const total = infos.reduce((sum, { size }) => sum + size, 0);
      expect((await readList(server.url, [namespace])).totals).toEqual([infos.length, total]);
      for (const { digest, size } of infos.slice(0, 20)) {
        await using reader = await store.readerAt({ digest });
        const hash = createHash("sha256");
        for await (const chunk of reader.read(0)) hash.update(chunk);
        expect([reader.size, makeDigest("sha256", hash.digest("hex"))]).toEqual([size, digest]);
      }
    }
  });

  test("has the indexes and the version of any other database", async () => {
    const [root, other] = [await makeTempDir(), await makeTempDir()];
    await fill({ root, count: 1 });
    await (await openDatabase(other))[Symbol.asyncDispose]();
    expect(schemaOf(root)).toEqual(schemaOf(other));
  });
});

test("the same seed makes the same blobs, and another one others", async () => {
  const namesOf = async (seed: string): Promise<readonly string[]> => {
    const root = await makeTempDir();
    await fill({ root, count: 10, seed });
    return (await readdir(join(root, "blobs", "sha256"))).sort();
  };
  const first = await namesOf("one");
  expect(await namesOf("one")).toEqual(first);
  expect(await namesOf("two")).not.toEqual(first);
});

test("a directory that holds anything is refused and left as it is", async () => {
  const root = await makeTempDir();
  await fill({ root, count: 1 });
  const before = await readdir(root, { recursive: true });
  await expect(fill({ root, count: 1 })).rejects.toThrow(`${root} is not empty`);
  expect(await readdir(root, { recursive: true })).toEqual(before);
});

/** Rows as a dashboard gets them, with the count and the bytes that the server tells. */
async function readList(url: string, namespaces: string[]) {
  const client = createClient(ContentService, createConnectTransport({ baseUrl: url, httpVersion: "2" }));
  const items = [];
  let totals: readonly number[] = [];
  for await (const { event } of client.list({ selection: { namespaces }, watch: { follow: false } })) {
    if (event.case === "batch") items.push(...event.value.items);
    if (event.case === "bookmark") totals = [Number(event.value.count), Number(event.value.bytes)];
  }
  return { items, totals };
}

function schemaOf(root: string) {
  const database = new DatabaseSync(join(root, "metadata.db"), { readOnly: true });
  try {
    const schema = database.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").all();
    return { schema, version: database.prepare("PRAGMA user_version").get() };
  } finally {
    database.close();
  }
}
