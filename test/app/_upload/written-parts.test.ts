import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { writtenInParts } from "../../../app/_upload/written-parts.ts";
import type { Writer } from "../../../content/store.ts";

const mib = 1024 * 1024;

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

/** Writes pieces of 4 MiB over a line. @returns the sizes of the parts, in MiB, and what was told of each piece */
async function write(pieces: number, bytesPerSecond: number) {
  const parts: number[] = [];
  const told: number[] = [];
  const line: Partial<Writer> = {
    async write(data) {
      parts.push(data.length / mib);
      vi.advanceTimersByTime((data.length / bytesPerSecond) * 1000);
    },
  };
  const store = writtenInParts({ writer: async () => line as Writer }, (bytes) => told.push(bytes / mib));
  const writer = await store.writer({ ref: "a" });
  for (let piece = 0; piece < pieces; piece += 1) await writer.write(new Uint8Array(4 * mib));
  return { parts, told };
}

test("parts grow to 4 MiB where the line is fast, and none is more than what is written", async () => {
  expect(await write(3, 100 * mib)).toEqual({ parts: [1, 2, 1, 4, 4], told: [1, 3, 4, 4, 4] });
});

test("parts are about what a slow line writes in a second, and never too small", async () => {
  expect((await write(1, mib / 2)).parts).toEqual([1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
  expect((await write(1, mib / 100)).parts.slice(1)).toEqual(Array.from({ length: 12 }, () => 0.25));
});

test("a piece of nothing is written too", async () => {
  const written: number[] = [];
  const empty: Partial<Writer> = { write: async (data) => void written.push(data.length) };
  const writer = await writtenInParts({ writer: async () => empty as Writer }, () => undefined).writer({ ref: "a" });
  await writer.write(new Uint8Array());
  expect(written).toEqual([0]);
});
