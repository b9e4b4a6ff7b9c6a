import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Source } from "../../../content/source.ts";
import { sourceOfBlob } from "../../../content/sources/blob.ts";
import { sourceOfBytes } from "../../../content/sources/bytes.ts";
import { sourceOfFile } from "../../../content/sources/file.ts";
import { sourceOfHandle } from "../../../content/sources/handle.ts";
import { sourceOfReader } from "../../../content/sources/reader.ts";
import { sourceOfStream } from "../../../content/sources/stream.ts";
import { createMemoryStore } from "../../../server/stores/memory/store.ts";
import { collect, digestOf, failure, MiB, noise, put } from "../../suite/support.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

/** More than a handle reads at once. */
const data = new Uint8Array(noise(MiB + 500));

async function* inChunks(chunkBytes = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.length; at += chunkBytes) yield data.subarray(at, at + chunkBytes);
}

/** As a browser has it whose files are no streams of bytes. */
class PlainFile extends File {
  override slice(...range: Parameters<File["slice"]>): Blob {
    const blob = super.slice(...range);
    const bytes = blob.stream.bind(blob);
    const stream = () => bytes().pipeThrough(new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>());
    return Object.defineProperty(blob, "stream", { value: stream });
  }
}

async function openFile() {
  const path = join(await makeTempDir(), "file");
  await writeFile(path, data);
  const handle = await open(path);
  onTestFinished(() => handle.close());
  return handle;
}

async function storeWithBlob() {
  const store = createMemoryStore();
  onTestFinished(() => store[Symbol.asyncDispose]());
  return { store, digest: await put(store, data) };
}

const sources: Readonly<Record<string, () => Source | Promise<Source>>> = {
  bytes: () => sourceOfBytes(data),
  "a File": () => sourceOfFile(new File([data], "file")),
  "a File in small pieces": () => sourceOfFile(new File([data], "file"), 70_000),
  "a File that cannot be read into a buffer": () => sourceOfFile(new PlainFile([data], "file"), 70_000),
  "a file that is open": async () => sourceOfHandle(await openFile()),
  "an open blob": async () => {
    const { store, digest } = await storeWithBlob();
    const reader = await store.readerAt({ digest });
    onTestFinished(() => reader.close());
    return sourceOfReader(reader);
  },
  "a blob of a store": async () => {
    const { store, digest } = await storeWithBlob();
    return sourceOfBlob(store, { digest, size: data.length });
  },
  "a stream of the web": () => sourceOfStream(new Blob([data]).stream(), data.length),
  "an iterable": () => sourceOfStream(inChunks()),
};

describe.each(Object.entries(sources))("%s", (_, make) => {
  test.each([0, 1, 999, 1000, data.length - 1, data.length])("gives its bytes from offset %i on", async (offset) => {
    const source = await make();
    expect((await collect(source.open(offset))).equals(data.subarray(offset))).toBe(true);
    expect([undefined, data.length]).toContain(source.size);
  });

  test("says so where nothing can be: behind its end", async () => {
    const source = await make();
    await expect(collect(source.open(data.length + 1))).rejects.toEqual(failure("out-of-range"));
  });

  test("gives the same again, unless it says that it cannot", async () => {
    const source = await make();
    await collect(source.open(0));
    const again = collect(source.open(5));
    if (source.once)
      await expect(again).rejects.toEqual(failure("failed-precondition", "a stream can be read once only"));
    else expect(digestOf(await again)).toBe(digestOf(data.subarray(5)));
  });
});

test("a stream that is left early, or whose signal aborts, is cancelled with the reason", async () => {
  const reasons: unknown[] = [];
  const endless = () =>
    new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(10)),
      cancel: (reason) => void reasons.push(reason),
    });
  for await (const chunk of sourceOfStream(endless()).open(5)) {
    expect(chunk.length).toBe(5);
    break;
  }
  const stop = new AbortController();
  const chunks = sourceOfStream(endless()).open(0, stop.signal)[Symbol.asyncIterator]();
  await chunks.next();
  stop.abort("enough");
  await expect(chunks.next().then(() => chunks.next())).rejects.toEqual(failure("cancelled"));
  expect(reasons).toEqual([undefined, "enough"]);
});
