import { createHash } from "node:crypto";
import { createConnectTransport } from "@connectrpc/connect-node";
import { describe, expect, onTestFinished, test } from "vitest";
import { ContentError } from "../../content/errors.ts";
import { openReader, resumingReader } from "../../content/open-reader.ts";
import { readBlob, readBytes } from "../../content/read-blob.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import type { ReaderAt, Store } from "../../content/store.ts";
import { createMemoryStore } from "../../server/stores/memory/store.ts";
import { collect, digestOf, failure, MiB, noise, put } from "../suite/support.ts";
import { startCuttingRelay } from "../support/cutting-relay.ts";
import { grpcTransport } from "../support/grpc.ts";
import { createRandom, randomPlaces } from "../support/random.ts";
import { openTestServer } from "../support/stowage.ts";

const data = noise(10_000);
const digest = digestOf(data);
const quick = { minDelayMs: 1, maxDelayMs: 2 };

async function storeWithBlob() {
  const store = createMemoryStore();
  onTestFinished(() => store[Symbol.asyncDispose]());
  await put(store, data);
  await put(store, data, { algorithm: "sha512" });
  return store;
}

/** A store that has these bytes under whichever digest, and counts what is open. */
function lying(bytes: Uint8Array, size = bytes.length) {
  const store = {
    open: 0,
    async readerAt(): Promise<ReaderAt> {
      store.open += 1;
      const close = async () => {
        store.open -= 1;
      };
      async function* read(offset: number) {
        yield bytes.subarray(offset);
      }
      return { size, read, close, [Symbol.asyncDispose]: close };
    },
  };
  return store;
}

describe("a read", () => {
  test.each([
    [0, undefined],
    [0, 10_000],
    [0, 4],
    [5000, undefined],
    [5000, 20_000],
    [9_999, 1],
    [10_000, undefined],
    [7, 0],
  ])("from %i, of %s bytes, gives those", async (offset, length) => {
    const store = await storeWithBlob();
    const end = length === undefined ? undefined : offset + length;
    expect((await collect(readBlob(store, { digest }, { offset, length }))).equals(data.subarray(offset, end))).toBe(
      true,
    );
  });

  test("outside of the blob is out of range, and of what is not there not found", async () => {
    const store = await storeWithBlob();
    await expect(collect(readBlob(store, { digest }, { offset: 10_001 }))).rejects.toEqual(failure("out-of-range"));
    await expect(collect(readBlob(store, { digest }, { offset: -1 }))).rejects.toEqual(failure("out-of-range"));
    await expect(readBytes(store, { digest: digestOf(noise(1)) })).rejects.toEqual(failure("not-found"));
  });

  test("of a whole blob is hashed by its own algorithm, and with what the caller brings", async () => {
    const store = await storeWithBlob();
    const used: string[] = [];
    const create = (algorithm: string) => {
      used.push(algorithm);
      return createHash(algorithm);
    };
    const long = digestOf(data, "sha512");
    for (const each of [digest, long]) {
      expect(digestOf(await readBytes(store, { digest: each }))).toBe(digest);
      await collect(readBlob(store, { digest: each }, { createHasher: create }));
      await collect(readBlob(store, { digest: each }, { createHasher: create, offset: 1 }));
      await collect(readBlob(store, { digest: each }, { createHasher: create, verify: false }));
    }
    expect(used).toEqual(["sha256", "sha512"]);
  });
});

describe("bytes that are not those of the digest", () => {
  const wrong = noise(10_000, 2);

  test("end in data loss that says what came and what was wanted, and nothing stays open", async () => {
    const store = lying(wrong);
    const got = { digest: digestOf(wrong), size: 10_000 };
    await expect(readBytes(store, { digest })).rejects.toMatchObject({
      kind: "data-loss",
      message: `content ${digest}: got 10000 bytes of ${got.digest}, want 10000 bytes`,
      facts: { mismatch: { got, want: { digest, size: 10_000 } } },
    });
    expect((await collect(readBlob(store, { digest }, { verify: false }))).equals(wrong)).toBe(true);
    expect((await collect(readBlob(store, { digest }, { offset: 1 }))).equals(wrong.subarray(1))).toBe(true);
    expect(store.open).toBe(0);
  });

  test.each([
    ["fewer", 10_001],
    ["more", 9_999],
  ])("are data loss when they are %s, whether they are hashed or not", async (_, size) => {
    const store = lying(data, size);
    for (const verify of [undefined, false]) {
      await expect(collect(readBlob(store, { digest }, { verify }))).rejects.toMatchObject({
        kind: "data-loss",
        facts: { mismatch: { got: { size: 10_000 }, want: { digest, size } } },
      });
    }
    await expect(readBytes(store, { digest, size: 10_000 })).rejects.toEqual(
      failure("data-loss", `content ${digest}: got ${size} bytes, want 10000 bytes`),
    );
    expect(store.open).toBe(0);
  });

  test("a part cannot be verified", async () => {
    const read = collect(readBlob(lying(data), { digest }, { offset: 1, verify: true }));
    await expect(read).rejects.toEqual(failure("invalid-argument"));
  });
});

test("a blob larger than the limit is not read into memory", async () => {
  const store = await storeWithBlob();
  await expect(readBytes(store, { digest }, { limit: 9_999 })).rejects.toEqual(failure("resource-exhausted"));
  expect((await readBytes(store, { digest }, { limit: 10_000 })).length).toBe(10_000);
});

test("a read that is left early, or whose signal aborts, closes the blob", async () => {
  const store = lying(data);
  for await (const chunk of readBlob(store, { digest })) {
    expect(chunk.length).toBe(10_000);
    break;
  }
  const stop = new AbortController();
  stop.abort("enough");
  const read = readBytes(store, { digest }, { signal: stop.signal });
  await expect(read).rejects.toMatchObject({ kind: "cancelled", cause: "enough" });
  expect(store.open).toBe(0);
});

/** A store whose reads are cut after so many bytes each; it notes the ranges that it gave. */
function cutting(bytesOfReads: readonly number[]) {
  const given: [from: number, to: number][] = [];
  const store: Pick<Store, "readerAt"> = {
    async readerAt() {
      async function* read(offset: number, length = data.length): AsyncGenerator<Uint8Array> {
        const most = bytesOfReads[given.length] ?? data.length;
        const chunk = data.subarray(offset, offset + Math.min(length, most));
        given.push([offset, offset + chunk.length]);
        if (chunk.length > 0) yield chunk;
        if (chunk.length === most) throw new ContentError("unavailable", "cut");
      }
      return { size: data.length, read, close: async () => undefined, [Symbol.asyncDispose]: async () => undefined };
    },
  };
  return { store, given };
}

test("a read that is cut goes on at its offset, and what brings bytes gives all tries back", async () => {
  const { store, given } = cutting([100, 0, 200, 0, 300, 0]);
  expect((await collect(readBlob(store, { digest }, { ...quick, retries: 2 }))).equals(data)).toBe(true);
  expect(given).toEqual([
    [0, 100],
    [100, 100],
    [100, 300],
    [300, 300],
    [300, 600],
    [600, 600],
    [600, 10_000],
  ]);
});

test("a reader that brings nothing is given up, one that ends with its last byte is whole", async () => {
  const never = cutting([100, 0, 0, 0]);
  await expect(collect(readBlob(never.store, { digest }, { ...quick, retries: 2 }))).rejects.toEqual(
    failure("unavailable", "cut"),
  );
  expect(never.given.length).toBe(4 - 1);
  const last = cutting([10_000]);
  expect((await readBytes(last.store, { digest }, quick)).length).toBe(10_000);
  const part = resumingReader(await cutting([50, 50]).store.readerAt({ digest }), quick);
  expect((await collect(part.read(20, 100))).equals(data.subarray(20, 120))).toBe(true);
});

const seed = Date.now() % 1_000_000;

test(`a download that is cut at 50 places is right (seed ${seed})`, async () => {
  const { url, socket } = await openTestServer();
  const blob = noise(4 * MiB);
  const whole = digestOf(blob);
  await put(createRemoteStore(grpcTransport(socket), { namespace: "n" }), blob);
  const relay = await startCuttingRelay(url, "down", randomPlaces(createRandom(seed), 50, 4 * MiB));
  const transport = createConnectTransport({ baseUrl: relay.url, httpVersion: "1.1" });
  const reader = await openReader(createRemoteStore(transport, { namespace: "n" }), { digest: whole }, quick);
  const got = await collect(reader.read(0));
  expect(relay.cuts()).toBe(50);
  expect(got.equals(blob)).toBe(true);
});
