import { createConnectTransport } from "@connectrpc/connect-node";
import { createConnectTransport as createFetchTransport } from "@connectrpc/connect-web";
import { describe, expect, test } from "vitest";
import { ContentError } from "../../content/errors.ts";
import { readBytes } from "../../content/read-blob.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import type { Source } from "../../content/source.ts";
import { sourceOfBytes } from "../../content/sources/bytes.ts";
import { sourceOfStream } from "../../content/sources/stream.ts";
import type { Store } from "../../content/store.ts";
import { writeBlob } from "../../content/write-blob.ts";
import { createMemoryStore } from "../../server/stores/memory/store.ts";
import { digestOf, failure, KiB, MiB, noise } from "../suite/support.ts";
import { countedPlugins } from "../support/counted-store.ts";
import { startCuttingRelay } from "../support/cutting-relay.ts";
import { createRandom, randomPlaces } from "../support/random.ts";
import { openTestServer } from "../support/stowage.ts";

const seed = Date.now() % 1_000_000;
const data = noise(3 * MiB);
const digest = digestOf(data);
const descriptor = { digest, size: data.length };
const quick = { minDelayMs: 1, maxDelayMs: 20 };

const ways: Readonly<Record<string, (baseUrl: string) => Store>> = {
  "a two-way call": (baseUrl) =>
    createRemoteStore(createConnectTransport({ baseUrl, httpVersion: "2" }), { namespace: "n" }),
  "calls of a browser": (baseUrl) =>
    createRemoteStore(createFetchTransport({ baseUrl, useBinaryFormat: true }), {
      namespace: "n",
      writer: "unary",
      resend: { ...quick, retries: 20 },
    }),
};

describe.each(Object.entries(ways))("an upload by %s", (_, storeAt) => {
  test(`that is cut at 50 places is right, and no byte is written twice (seed ${seed})`, async () => {
    const { plugins, written } = countedPlugins();
    const { url } = await openTestServer(plugins);
    // A single call that opens the ref and is lost keeps it locked for a while.
    const places = randomPlaces(createRandom(seed), 50, data.length).map((place) => place + 2 * KiB);
    const relay = await startCuttingRelay(url, "up", places);
    const source = sourceOfStream(sourceOfBytes(data).open(0));
    const offsets: number[] = [];
    const onProgress = (offset: number) => offsets.push(offset);
    const options = { ...quick, retries: 20, pieceBytes: 64 * KiB, onProgress };
    expect(await writeBlob(storeAt(relay.url), "r", source, descriptor, options)).toBe(digest);
    expect(relay.cuts()).toBe(50);
    expect(written()).toBe(data.length);
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
    expect((await readBytes(storeAt(url), descriptor)).length).toBe(data.length);
  });

  test("whose commit was cut before its answer is done", async () => {
    const { plugins, written } = countedPlugins();
    const { url } = await openTestServer(plugins);
    const places = Array.from({ length: 12 }, (_place, index) => 150 * (index + 1));
    const relay = await startCuttingRelay(url, "down", places);
    const small = noise(100);
    const options = { ...quick, retries: 20 };
    expect(await writeBlob(storeAt(relay.url), "r", sourceOfBytes(small), {}, options)).toBe(digestOf(small));
    expect(relay.cuts()).toBeGreaterThan(0);
    expect(written()).toBe(small.length);
  });
});

test("an upload that gets nowhere gives up, and its ref can be opened", async () => {
  const { url } = await openTestServer();
  const places = Array.from({ length: 100 }, (_, index) => 2000 * (index + 1));
  const relay = await startCuttingRelay(url, "up", places);
  const storeAt = ways["a two-way call"] as (typeof ways)[string];
  const written = writeBlob(storeAt(relay.url), "r", sourceOfBytes(data), descriptor, { ...quick, retries: 2 });
  await expect(written).rejects.toEqual(failure("unavailable"));
  expect(relay.cuts()).toBeLessThan(10);
  await (await storeAt(url).writer({ ref: "r" })).close();
});

test("what a server that was killed had not on disk is read again", async () => {
  const store = createMemoryStore();
  let pieces = 0;
  const losing: Pick<Store, "writer"> = {
    async writer(options, signal) {
      const writer = await store.writer(options, signal);
      return {
        ...writer,
        async write(piece) {
          pieces += 1;
          if (pieces !== 4) return await writer.write(piece);
          await writer.truncate(0);
          await writer.write(data.subarray(0, 1500));
          throw new ContentError("unavailable", "killed");
        },
      };
    },
  };
  const source = counted();
  const offsets: number[] = [];
  const onProgress = (offset: number) => offsets.push(offset);
  expect(await writeBlob(losing, "r", source, { digest }, { ...quick, pieceBytes: 100 * KiB, onProgress })).toBe(
    digest,
  );
  expect(source.opens).toEqual([0, 1500]);
  expect(offsets.slice(0, 6).map((offset) => offset / KiB)).toEqual([0, 100, 200, 300, 1500 / KiB, 100 + 1500 / KiB]);
});

/** The bytes in small chunks; it notes where it is opened. */
function counted(): Source & { readonly opens: number[] } {
  const opens: number[] = [];
  return {
    opens,
    async *open(offset) {
      opens.push(offset);
      for (let at = offset; at < data.length; at += 500) yield data.subarray(at, at + 500);
    },
  };
}
