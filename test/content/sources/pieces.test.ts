import { expect, test } from "vitest";
import type { Source } from "../../../content/source.ts";
import { sourceOfBytes } from "../../../content/sources/bytes.ts";
import type { Pieces } from "../../../content/sources/pieces.ts";
import { openPieces } from "../../../content/sources/pieces.ts";
import { sourceOfStream } from "../../../content/sources/stream.ts";
import { failure, KiB, noise } from "../../suite/support.ts";

const data = noise(1000);

/** These bytes in chunks of such sizes, again and again, in one buffer that is used for all; notes where it is opened. */
function chunked(sizes: readonly number[], bytes: Uint8Array = data): Source & { readonly opens: number[] } {
  const opens: number[] = [];
  return {
    opens,
    async *open(offset) {
      opens.push(offset);
      const buffer = new Uint8Array(Math.max(...sizes));
      for (let at = offset, turn = 0; at < bytes.length; turn += 1) {
        const chunk = bytes.subarray(at, at + (sizes[turn % sizes.length] ?? 1));
        buffer.set(chunk);
        yield buffer.subarray(0, chunk.length);
        buffer.fill(0);
        at += chunk.length;
      }
    },
  };
}

async function sizesOf(pieces: Pieces): Promise<number[]> {
  const sizes: number[] = [];
  for (let at = 0; ; ) {
    const piece = await pieces.at(at);
    expect(Buffer.from(piece).equals(data.subarray(at, at + piece.length))).toBe(true);
    if (piece.length === 0) return sizes;
    sizes.push(piece.length);
    at += piece.length;
  }
}

test("small chunks are gathered, large ones divided, and no byte is lost or moved", async () => {
  expect(await sizesOf(openPieces(chunked([7, 1, 50]), { pieceBytes: 300 }))).toEqual([300, 300, 300, 100]);
  expect(await sizesOf(openPieces(chunked([700]), { pieceBytes: 300 }))).toEqual([300, 300, 100, 300]);
  expect(await sizesOf(openPieces(chunked([1, 299, 400]), { pieceBytes: 300, size: 1000 }))).toEqual([
    300, 300, 100, 300,
  ]);
});

test("bytes that are held are given again from any place, without the source", async () => {
  const source = chunked([10]);
  const pieces = openPieces(source, { pieceBytes: 100 });
  await pieces.at(0);
  await pieces.at(100);
  expect(Buffer.from(await pieces.at(150)).equals(data.subarray(150, 200))).toBe(true);
  expect((await pieces.at(100)).length).toBe(100);
  expect(source.opens).toEqual([0]);
  expect(Buffer.from(await pieces.at(50)).equals(data.subarray(50, 150))).toBe(true);
  expect(source.opens).toEqual([0, 50]);
});

test("after a shrink they come in halves, those that are held too", async () => {
  const bytes = noise(100 * KiB);
  const pieces = openPieces(sourceOfBytes(bytes), { pieceBytes: 64 * KiB });
  expect((await pieces.at(0)).length).toBe(64 * KiB);
  pieces.shrink();
  expect((await pieces.at(0)).length).toBe(32 * KiB);
  for (let more = 0; more < 9; more += 1) pieces.shrink();
  expect((await pieces.at(32 * KiB)).length).toBe(16 * KiB);
});

test("at the end of a known size the source is not opened", async () => {
  const source = chunked([10]);
  expect((await openPieces(source, { size: 1000 }).at(1000)).length).toBe(0);
  expect(source.opens).toEqual([]);
});

test("what came before a failure is given first, then the failure, whose offset it names", async () => {
  async function* breaking() {
    yield data.subarray(0, 120);
    throw new RangeError("disk on fire");
  }
  const pieces = openPieces(sourceOfStream(breaking()), { pieceBytes: 100 });
  expect((await pieces.at(0)).length).toBe(100);
  expect((await pieces.at(100)).length).toBe(20);
  const failed = pieces.at(120);
  await expect(failed).rejects.toEqual(failure("unavailable", "the source failed at offset 120: disk on fire"));
  await expect(failed).rejects.toMatchObject({ cause: expect.any(RangeError) });
  expect(pieces.failure).toBe(await failed.catch((error: unknown) => error));
});

test("more or fewer bytes than there should be are data loss that says how many", async () => {
  const short = openPieces(chunked([10]), { size: 1001, pieceBytes: 1000 });
  await short.at(0);
  await expect(short.at(1000)).rejects.toMatchObject({
    kind: "data-loss",
    message: "the source has 1000 bytes, want 1001",
    facts: { mismatch: { got: { size: 1000 }, want: { size: 1001 } } },
  });
  const long = openPieces(chunked([10]), { size: 995, pieceBytes: 990 });
  await long.at(0);
  await expect(long.at(990)).rejects.toEqual(failure("data-loss", "the source has 1000 bytes or more, want 995"));
});

test("a source that does not answer is left when the signal aborts, and closing does not wait for it", async () => {
  const stop = new AbortController();
  async function* silent() {
    yield new Uint8Array(1);
    await new Promise(() => undefined);
  }
  const pieces = openPieces(sourceOfStream(silent()), { pieceBytes: 1, signal: stop.signal });
  await pieces.at(0);
  const waiting = pieces.at(1);
  stop.abort("enough");
  await expect(waiting).rejects.toMatchObject({ kind: "cancelled", cause: "enough" });
  await pieces.close();
});

test("a stream that would have to be opened again is one clear error", async () => {
  const pieces = openPieces(sourceOfStream(chunked([10]).open(0)), { pieceBytes: 100 });
  expect(pieces.canReopen).toBe(true);
  await pieces.at(0);
  await pieces.at(100);
  expect(pieces.canReopen).toBe(false);
  await expect(pieces.at(0)).rejects.toEqual(
    failure("failed-precondition", "the source cannot be opened again, at offset 0"),
  );
});
