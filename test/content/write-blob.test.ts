import { describe, expect, onTestFinished, test } from "vitest";
import { isKind } from "../../content/errors.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import type { Source } from "../../content/source.ts";
import { sourceOfBytes } from "../../content/sources/bytes.ts";
import { sourceOfStream } from "../../content/sources/stream.ts";
import type { Store } from "../../content/store.ts";
import { writeBlob } from "../../content/write-blob.ts";
import { openLocalStore } from "../../server/stores/local/store.ts";
import { createMemoryStore } from "../../server/stores/memory/store.ts";
import { createRefLocks } from "../../server/stores/ref-locks.ts";
import { bytes, collect, digestOf, failure, get, leave, noise, put, refs } from "../suite/support.ts";
import { grpcTransport } from "../support/grpc.ts";
import { openTestServer } from "../support/stowage.ts";
import { makeTempDir } from "../support/temp-dir.ts";

const data = noise(10_000);
const digest = digestOf(data);
const descriptor = { digest, size: data.length };
const half = data.subarray(0, 5000);

const stores: Readonly<Record<string, () => Promise<Store>>> = {
  "a store in memory": async () => {
    const store = createMemoryStore();
    onTestFinished(() => store[Symbol.asyncDispose]());
    return store;
  },
  "a store on disk": async () => {
    const store = await openLocalStore(await makeTempDir());
    onTestFinished(() => store[Symbol.asyncDispose]());
    return store;
  },
  "a server": async () => {
    const { socket } = await openTestServer();
    return createRemoteStore(grpcTransport(socket), { namespace: "n" });
  },
};

/** A source that notes where it is opened and how many bytes it gives. */
function counted(source: Source): Source & { readonly opens: number[]; given: number } {
  const noted = {
    ...source,
    opens: [] as number[],
    given: 0,
    async *open(offset: number, signal?: AbortSignal) {
      noted.opens.push(offset);
      for await (const chunk of source.open(offset, signal)) {
        noted.given += chunk.length;
        yield chunk;
      }
    },
  };
  return noted;
}

/** A source that must not be read. */
const unreadable: Source = {
  open() {
    throw new Error("somebody read it");
  },
};

/** These bytes, and then what comes after. */
async function* then(first: Uint8Array, after: () => Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield await after();
}

/** The ref is free, and its ingest stands there. */
async function expectResumable(store: Store, ref: string, offset: number): Promise<void> {
  await using writer = await store.writer({ ref, waitMs: 0 });
  expect((await writer.status()).offset).toBe(offset);
}

describe.each(Object.entries(stores))("into %s", (_, open) => {
  test("a blob is written and committed with what is declared, and its ingest is gone", async () => {
    const store = await open();
    const offsets: number[] = [];
    const onProgress = (offset: number) => offsets.push(offset);
    expect(await writeBlob(store, "r", sourceOfBytes(data), descriptor, { pieceBytes: 4000, onProgress })).toBe(digest);
    expect((await get(store, digest)).equals(data)).toBe(true);
    expect(offsets).toEqual([0, 4000, 8000, 10_000]);
    expect(await refs(store)).toEqual([]);
  });

  test("nothing declared, or nothing in it, is a blob as well", async () => {
    const store = await open();
    expect(await writeBlob(store, "r", sourceOfStream(sourceOfBytes(data).open(0)))).toBe(digest);
    const none = digestOf(bytes(""));
    expect(await writeBlob(store, "r", sourceOfBytes(bytes("")))).toBe(none);
    expect(await writeBlob(store, "r", sourceOfBytes(data))).toBe(digest);
    expect(await refs(store)).toEqual([]);
  });

  test("of a blob that is there nothing is read", async () => {
    const store = await open();
    await put(store, data);
    await leave(store, "r", half);
    expect(await writeBlob(store, "r", unreadable, descriptor)).toBe(digest);
    expect(await refs(store)).toEqual([]);
  });

  test("a blob that comes meanwhile is done", async () => {
    const store = await open();
    const source = sourceOfStream(
      then(half, async () => {
        await put(store, data);
        return data.subarray(5000);
      }),
    );
    expect(await writeBlob(store, "r", source, descriptor)).toBe(digest);
    expect(await refs(store)).toEqual([]);
  });

  test("it goes on where the ingest stands, and reads from there", async () => {
    const store = await open();
    await leave(store, "r", half);
    const source = counted(sourceOfBytes(data));
    expect(await writeBlob(store, "r", source, descriptor)).toBe(digest);
    expect([source.opens, source.given]).toEqual([[5000], 5000]);
    await leave(store, "whole", noise(300));
    expect(await writeBlob(store, "whole", { ...unreadable, size: 300 })).toBe(digestOf(noise(300)));
  });

  test("an ingest of other bytes is begun anew, once", async () => {
    const store = await open();
    await leave(store, "r", noise(5000, 2));
    const source = counted(sourceOfBytes(data));
    expect(await writeBlob(store, "r", source, descriptor)).toBe(digest);
    expect(source.opens).toEqual([5000, 0]);
    await leave(store, "longer", noise(20_000));
    expect(await writeBlob(store, "longer", sourceOfBytes(half), { digest: digestOf(half) })).toBe(digestOf(half));
    await leave(store, "unknown", noise(20_000));
    const last = data.subarray(1);
    expect(await writeBlob(store, "unknown", { open: sourceOfBytes(last).open })).toBe(digestOf(last));
  });

  test("an ingest of other bytes is an error where it must not be begun anew", async () => {
    const store = await open();
    await leave(store, "r", noise(5000, 2));
    const options = { wrongIngest: "fail" } as const;
    await expect(writeBlob(store, "r", sourceOfBytes(data), descriptor, options)).rejects.toEqual(
      failure("failed-precondition", /^unexpected commit digest/),
    );
    await expectResumable(store, "r", 10_000);
    await leave(store, "longer", data);
    await expect(writeBlob(store, "longer", sourceOfBytes(half), {}, options)).rejects.toEqual(
      failure("out-of-range", "ref longer is at offset 10000, beyond the 5000 bytes of the blob"),
    );
    await expectResumable(store, "longer", 10_000);
  });

  test("a source of the wrong bytes is refused at the commit, and read once", async () => {
    const store = await open();
    const source = counted(sourceOfBytes(noise(10_000, 2)));
    await expect(writeBlob(store, "r", source, descriptor)).rejects.toEqual(failure("failed-precondition"));
    expect(source.opens).toEqual([0]);
    await expectResumable(store, "r", 10_000);
    expect(await writeBlob(store, "r", sourceOfBytes(data), descriptor)).toBe(digest);
  });

  test.each([
    ["shrinks", [half], "data-loss", 5000],
    ["grows", [data, half], "data-loss", 10_000],
    ["fails", [half, new Error("disk on fire")], "unavailable", 5000],
  ] as const)("a source that %s is one error, and what came before it is kept", async (_what, chunks, kind, offset) => {
    const store = await open();
    async function* rigged() {
      for (const chunk of chunks) {
        if (chunk instanceof Error) throw chunk;
        yield chunk;
      }
    }
    await expect(writeBlob(store, "r", sourceOfStream(rigged()), descriptor)).rejects.toEqual(failure(kind, /source/));
    await expectResumable(store, "r", offset);
  });

  test("a signal stops it with its reason, and the ingest can be gone on with", async () => {
    const store = await open();
    const stop = new AbortController();
    const source = sourceOfStream(
      then(half, () => {
        stop.abort("enough");
        return new Promise(() => undefined);
      }),
    );
    const written = writeBlob(store, "r", source, descriptor, { signal: stop.signal, pieceBytes: 1000 });
    await expect(written).rejects.toMatchObject({ kind: "cancelled", cause: "enough" });
    const again = counted(sourceOfBytes(data));
    expect(await writeBlob(store, "r", again, descriptor)).toBe(digest);
    expect(again.opens).toEqual([5000]);
  });

  test("a ref that another holds is waited for", async () => {
    const store = await open();
    const other = await store.writer({ ref: "r" });
    await other.write(half);
    const source = counted(sourceOfBytes(data));
    const written = writeBlob(store, "r", source, descriptor);
    await other.close();
    expect(await written).toBe(digest);
    expect(source.opens).toEqual([5000]);
  });
});

test("a ref that stays locked is an error after the time that is given, and the source is not read", async () => {
  const store = createMemoryStore({ locks: createRefLocks({ waitMs: 0 }) });
  await using other = await store.writer({ ref: "r" });
  await expect(writeBlob(store, other.ref, unreadable, descriptor, { timeoutMs: 10 })).rejects.toEqual(
    failure("unavailable", /^ref r locked for/),
  );
});

test("a source of another size than is declared is refused before anything is opened", async () => {
  const store = createMemoryStore();
  await expect(writeBlob(store, "r", { ...unreadable, size: 1 }, descriptor)).rejects.toMatchObject({
    kind: "data-loss",
    facts: { mismatch: { got: { size: 1 }, want: { size: 10_000 } } },
  });
  expect(await refs(store)).toEqual([]);
});

test("an ingest of other bytes cannot be begun anew from a stream: the commit says what is wrong", async () => {
  const store = createMemoryStore();
  await leave(store, "r", noise(5000, 2));
  const source = sourceOfStream(sourceOfBytes(data).open(0));
  await expect(writeBlob(store, "r", source, descriptor)).rejects.toEqual(failure("failed-precondition", /digest/));
});

test("an upload whose ingest somebody aborts ends, and is not tried again", async () => {
  const store = createMemoryStore();
  const source = sourceOfStream(
    then(half, async () => {
      await store.abort("r");
      return half;
    }),
  );
  const failed = await writeBlob(store, "r", source, descriptor, { pieceBytes: 100 }).catch((error: unknown) => error);
  expect(isKind(failed, "aborted")).toBe(true);
  expect(await refs(store)).toEqual([]);
});

test("the blob has the labels, and the algorithm that is asked for", async () => {
  const { socket } = await openTestServer();
  const store = createRemoteStore(grpcTransport(socket), { namespace: "n" });
  const labels = { team: "payments" };
  await writeBlob(store, "r", sourceOfBytes(data), descriptor, { labels });
  expect(await store.info(digest)).toMatchObject({ labels });
  const memory = createMemoryStore();
  const long = await writeBlob(memory, "r", sourceOfBytes(data), {}, { algorithm: "sha512" });
  expect(long).toBe(digestOf(data, "sha512"));
  expect((await collect(sourceOfBytes(await get(memory, long)).open(0))).equals(data)).toBe(true);
});
