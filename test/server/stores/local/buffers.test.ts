import { expect, test } from "vitest";
import { get, KiB, noise, put } from "../../../suite/support.ts";
import { openPlace } from "./support.ts";

test("a chunk of a read that was given up stays as it was, whatever is read afterwards", async () => {
  const { store } = await openPlace();
  const content = noise(600 * KiB);
  const [digest, other] = [await put(store, content), await put(store, noise(600 * KiB, 2))];
  for (const length of [10 * KiB, 32 * KiB, 300 * KiB]) {
    await using reader = await store.readerAt({ digest });
    const chunks = reader.read(KiB, length)[Symbol.asyncIterator]();
    const { value = new Uint8Array() } = (await chunks.next()) as { value?: Uint8Array };
    await chunks.return?.();
    for (let read = 0; read < 3; read += 1) await get(store, other, KiB, length);
    expect(value.length).toBeGreaterThan(0);
    expect(content.subarray(KiB, KiB + value.length).equals(value)).toBe(true);
  }
});

test("reads of all lengths at once get their own bytes", async () => {
  const { store } = await openPlace();
  const contents = Array.from({ length: 4 }, (_, seed) => noise(700 * KiB, seed));
  const digests = await Promise.all(contents.map((content) => put(store, content)));
  const lengths = [1, 4 * KiB - 1, 4 * KiB, 32 * KiB, 64 * KiB, 64 * KiB + 1, 256 * KiB, 256 * KiB + 1, 699 * KiB];
  const reads = digests.flatMap((digest, blob) =>
    lengths.map(async (length, at) => {
      const wanted = contents[blob]?.subarray(at, at + length);
      expect(wanted?.equals(await get(store, digest, at, length))).toBe(true);
    }),
  );
  await Promise.all(reads);
});
