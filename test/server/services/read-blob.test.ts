import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Digest } from "../../../content/digest.ts";
import type { ReaderAt, Store } from "../../../content/store.ts";
import { ReadContentRequestSchema } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { readBlob } from "../../../server/services/read-blob.ts";

const pieceBytes = 256 * 1024;
const digest = `sha256:${"a".repeat(64)}` as Digest;
const { signal } = new AbortController();

/** A store whose one blob comes in chunks of those sizes; each chunk is overwritten once the next is asked for. */
function storeOf(content: Buffer, chunkBytes: () => number) {
  let closed = 0;
  async function* read(offset: number, length = content.length - offset): AsyncGenerator<Uint8Array> {
    for (let at = offset; at < offset + length; ) {
      const end = Math.min(at + chunkBytes(), offset + length);
      const chunk = Buffer.from(content.subarray(at, end));
      at = end;
      yield chunk;
      chunk.fill(0);
    }
  }
  const close = async () => void (closed += 1);
  const reader: ReaderAt = { size: content.length, read, close, [Symbol.asyncDispose]: close };
  const store = { readerAt: async () => reader } satisfies Pick<Store, "readerAt">;
  return { store: store as unknown as Store, closed: () => closed };
}

const request = (offset: bigint, size: bigint) => create(ReadContentRequestSchema, { digest, offset, size });

/** The answers, each piece as it was when it came. */
async function readAll(store: Store, offset = 0n, size = 0n) {
  return Array.fromAsync(readBlob(store, digest, request(offset, size), signal), (answer) => ({
    offset: Number(answer.offset),
    data: Buffer.from(answer.data),
  }));
}

test("whatever a store's chunks are, the answers are whole pieces of 256 KiB and hold just the bytes", async () => {
  const content = Buffer.alloc(900_000, "0123456789abcdefghijk");
  await fc.assert(
    fc.asyncProperty(
      fc.nat(content.length),
      fc.integer({ min: 0, max: content.length }),
      fc.array(fc.integer({ min: 1, max: 600_000 }), { minLength: 1, maxLength: 5 }),
      async (offset, size, sizes) => {
        let turn = 0;
        const { store, closed } = storeOf(content, () => sizes[turn++ % sizes.length] ?? 1);
        const answers = await readAll(store, BigInt(offset), BigInt(size));
        const wanted = content.subarray(offset, size === 0 ? content.length : offset + size);
        expect(Buffer.concat(answers.map(({ data }) => data)).equals(wanted)).toBe(true);
        expect(answers.map((answer) => answer.offset)).toEqual(answers.map((_, index) => index * pieceBytes));
        for (const { data } of answers.slice(0, -1)) expect(data.length).toBe(pieceBytes);
        expect(closed()).toBe(1);
      },
    ),
    { numRuns: 50 },
  );
});

describe("the range", () => {
  const store = () => storeOf(Buffer.from("0123456789"), () => 4).store;
  const textOf = async (offset: bigint, size: bigint) =>
    Buffer.concat((await readAll(store(), offset, size)).map(({ data }) => data)).toString();

  test.for<[bigint, bigint, string]>([
    [0n, 0n, "0123456789"],
    [3n, 4n, "3456"],
    [3n, 0n, "3456789"],
    [3n, -1n, "3456789"],
    [3n, 100n, "3456789"],
    [3n, 2n ** 62n, "3456789"],
    [-5n, 2n, "01"],
    [10n, 5n, ""],
  ])("from %i, %i bytes, is %j", async ([offset, size, text]) => {
    expect(await textOf(offset, size)).toBe(text);
  });

  test.for([11n, 2n ** 62n])("from %i is beyond the end", async (offset) => {
    const refused = expect.objectContaining({ kind: "out-of-range", message: "read past object length 10 bytes" });
    await expect(textOf(offset, 1n)).rejects.toThrowError(refused);
  });
});

test("a reader is closed also when its caller stops early, and when it fails", async () => {
  const early = storeOf(Buffer.alloc(1_000_000), () => 100_000);
  for await (const _ of readBlob(early.store, digest, request(0n, 0n), signal)) break;
  expect(early.closed()).toBe(1);
  const beyond = storeOf(Buffer.alloc(1), () => 1);
  await expect(readAll(beyond.store, 2n)).rejects.toThrow("past object length");
  expect(beyond.closed()).toBe(1);
});
