import { describe, expect, test } from "vitest";
import type { OpenStore } from "./open-store.ts";
import { bytes, digestOf, digests, failure, get, MiB, noise, put } from "./support.ts";

/** What is known of blobs, and deleting them. */
export function statesBlobs(open: OpenStore): void {
  describe("blobs", () => {
    test("an uncommitted digest has no info", async () => {
      const store = await open();
      await using writer = await store.writer({ ref: "r" });
      await writer.write(bytes("abc"));
      await expect(store.info(digestOf(bytes("abc")))).rejects.toEqual(failure("not-found"));
      expect(await digests(store)).toEqual([]);
    });

    test("a deleted blob is gone: no info, no read, not walked, and not deleted twice", async () => {
      const store = await open();
      const digest = await put(store, bytes("gone"));
      const other = await put(store, bytes("stays"));
      await store.delete(digest);
      await expect(store.info(digest)).rejects.toEqual(failure("not-found"));
      await expect(store.readerAt({ digest })).rejects.toEqual(failure("not-found"));
      await expect(store.delete(digest)).rejects.toEqual(failure("not-found"));
      expect(await digests(store)).toEqual([other]);
    });

    test("a deleted blob can be written again", async () => {
      const store = await open();
      const digest = await put(store, bytes("again"));
      await store.delete(digest);
      expect(await put(store, bytes("again"), { descriptor: { digest } })).toBe(digest);
      expect((await get(store, digest)).toString()).toBe("again");
    });

    test("a read that has begun ends well after the blob was deleted", async () => {
      const store = await open();
      const data = noise(4 * MiB);
      const digest = await put(store, data);
      await using reader = await store.readerAt({ digest });
      const got: Buffer[] = [];
      for await (const chunk of reader.read(0)) {
        if (got.length === 0) await store.delete(digest);
        got.push(Buffer.from(chunk));
      }
      expect(Buffer.concat(got).equals(data)).toBe(true);
      await expect(store.info(digest)).rejects.toEqual(failure("not-found"));
    });
  });
}
