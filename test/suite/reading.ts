import { describe, expect, test } from "vitest";
import type { Digest } from "../../content/digest.ts";
import type { OpenStore } from "./open-store.ts";
import { bytes, collect, digestOf, failure, get, KiB, MiB, noise, put } from "./support.ts";

/** Reading a blob, whole and by ranges. */
export function statesReading(open: OpenStore): void {
  describe("reading", () => {
    test("any range of a blob can be read", async () => {
      const store = await open();
      const data = noise(MiB + 3);
      const digest = await put(store, data);
      await using reader = await store.readerAt({ digest });
      expect(reader.size).toBe(data.length);
      for (const [offset, length] of [
        [0, 1],
        [0, data.length],
        [1, 10],
        [256 * KiB - 1, 2],
        [256 * KiB, 256 * KiB],
        [MiB, 3],
        [MiB + 2, 1],
        [5, MiB],
      ] as const) {
        const got = await collect(reader.read(offset, length));
        expect(got.equals(data.subarray(offset, offset + length))).toBe(true);
      }
    });

    test("a length beyond the end reads to the end, and a length that is left out too", async () => {
      const store = await open();
      const digest = await put(store, bytes("hello"));
      expect((await get(store, digest, 1, 100)).toString()).toBe("ello");
      expect((await get(store, digest, 3)).toString()).toBe("lo");
      expect(await get(store, digest, 5)).toHaveLength(0);
    });

    test("an offset below 0 or beyond the end is out of range", async () => {
      const store = await open();
      const digest = await put(store, bytes("hello"));
      await expect(get(store, digest, 6)).rejects.toEqual(failure("out-of-range"));
      await expect(get(store, digest, -1)).rejects.toEqual(failure("out-of-range"));
    });

    test("several reads of one reader run at once", async () => {
      const store = await open();
      const data = noise(2 * MiB);
      await using reader = await store.readerAt({ digest: await put(store, data) });
      const parts = await Promise.all([0, 1, 2, 3].map((at) => collect(reader.read(at * 512 * KiB, 512 * KiB))));
      expect(Buffer.concat(parts).equals(data)).toBe(true);
    });

    test("a blob that is not there cannot be read", async () => {
      const store = await open();
      const digest = digestOf(bytes("none"));
      await expect(store.readerAt({ digest })).rejects.toEqual(failure("not-found"));
    });

    test("what is no digest is refused, whatever it looks like", async () => {
      const store = await open();
      const hex = "a".repeat(64);
      for (const text of [
        "",
        "sha256:",
        `sha256:${hex.toUpperCase()}`,
        `md5:${hex}`,
        `sha256:../../${hex}`,
        `../${hex}`,
      ]) {
        const digest = text as Digest;
        await expect(store.info(digest)).rejects.toEqual(failure("invalid-argument"));
        await expect(store.readerAt({ digest })).rejects.toEqual(failure("invalid-argument"));
        await expect(store.delete(digest)).rejects.toEqual(failure("invalid-argument"));
      }
      const descriptor = { digest: "sha256:short" as Digest };
      await expect(store.writer({ ref: "r", descriptor })).rejects.toEqual(failure("invalid-argument"));
      await expect(put(store, bytes("a"), { expected: descriptor.digest })).rejects.toEqual(
        failure("invalid-argument"),
      );
    });

    test("a reader does nothing after it was closed, and closing twice is no error", async () => {
      const store = await open();
      const reader = await store.readerAt({ digest: await put(store, bytes("hello")) });
      await reader.close();
      await reader.close();
      await expect(collect(reader.read(0))).rejects.toEqual(failure("failed-precondition"));
    });

    test("who writes into a chunk does not change the blob", async () => {
      const store = await open();
      const digest = await put(store, bytes("hello"));
      await using reader = await store.readerAt({ digest });
      for await (const chunk of reader.read(0)) chunk.fill(0);
      expect((await collect(reader.read(0))).toString()).toBe("hello");
    });

    test("a read may be left early", async () => {
      const store = await open();
      const data = noise(2 * MiB);
      await using reader = await store.readerAt({ digest: await put(store, data) });
      for await (const chunk of reader.read(0)) {
        expect(data.subarray(0, chunk.length).equals(chunk)).toBe(true);
        break;
      }
      expect((await collect(reader.read(MiB, 5))).equals(data.subarray(MiB, MiB + 5))).toBe(true);
    });

    test("a read ends with its signal, and the reader goes on", async () => {
      const store = await open();
      const data = noise(8 * MiB);
      const digest = await put(store, data);
      await using reader = await store.readerAt({ digest });
      const controller = new AbortController();
      const cancelled = async () => {
        for await (const _chunk of reader.read(0, undefined, controller.signal)) controller.abort();
      };
      await expect(cancelled()).rejects.toEqual(failure("cancelled"));
      expect(await collect(reader.read(0, 4))).toEqual(Buffer.from(data.subarray(0, 4)));
      await expect(store.readerAt({ digest }, AbortSignal.abort())).rejects.toEqual(failure("cancelled"));
    });
  });
}
