import { describe, expect, test } from "vitest";
import type { OpenStore, StoreFeatures } from "./open-store.ts";
import { bytes, digestOf, failure, get, leave, MiB, noise, put } from "./support.ts";

/** Opening a ref, appending, truncating, closing. */
export function statesWriting(open: OpenStore, { openers = 100 }: StoreFeatures): void {
  describe("writing", () => {
    test("bytes come back as they were written, in pieces of any size", async () => {
      const store = await open();
      const data = noise(3 * MiB + 17);
      await using writer = await store.writer({ ref: "pieces" });
      for (const [from, to] of [
        [0, 1],
        [1, 1],
        [1, 70_000],
        [70_000, 2 * MiB],
        [2 * MiB, data.length],
      ]) {
        await writer.write(data.subarray(from, to));
        expect((await writer.status()).offset).toBe(to);
      }
      const digest = await writer.commit({ size: data.length, expected: digestOf(data) });
      expect(digest).toBe(digestOf(data));
      expect((await get(store, digest)).equals(data)).toBe(true);
    });

    test("one write may be 32 MiB", async () => {
      const store = await open();
      const data = noise(32 * MiB);
      const digest = await put(store, data, { size: data.length });
      expect(digestOf(await get(store, digest))).toBe(digestOf(data));
    });

    test("the caller may use its buffer again once a write is done", async () => {
      const store = await open();
      const buffer = Buffer.from("first");
      await using writer = await store.writer({ ref: "reused" });
      await writer.write(buffer);
      buffer.write("other");
      await writer.write(buffer);
      expect((await get(store, await writer.commit())).toString()).toBe("firstother");
    });

    test("the digest of the bytes so far is known after each write", async () => {
      const store = await open();
      await using writer = await store.writer({ ref: "digest" });
      await writer.write(bytes("ab"));
      expect(writer.digest()).toBe(digestOf(bytes("ab")));
      await writer.write(bytes("c"));
      expect(writer.digest()).toBe(digestOf(bytes("abc")));
    });

    test("an empty blob can be written", async () => {
      const store = await open();
      await using writer = await store.writer({ ref: "empty" });
      const digest = await writer.commit({ expected: digestOf(bytes("")) });
      expect(await store.info(digest)).toMatchObject({ digest, size: 0 });
      expect(await get(store, digest)).toHaveLength(0);
    });

    test("truncating to 0 starts over, and the blob is of what came after", async () => {
      const store = await open();
      await using writer = await store.writer({ ref: "truncated" });
      await writer.write(bytes("wrong"));
      await writer.truncate(0);
      expect(await writer.status()).toMatchObject({ offset: 0 });
      expect(await store.status("truncated")).toMatchObject({ offset: 0 });
      await writer.write(bytes("right"));
      expect(await writer.commit()).toBe(digestOf(bytes("right")));
    });

    test("truncating to anything but 0 is refused, and the bytes stay", async () => {
      const store = await open();
      await using writer = await store.writer({ ref: "cut" });
      await writer.write(bytes("abc"));
      await expect(writer.truncate(2)).rejects.toEqual(failure("invalid-argument"));
      await writer.close();
      expect(await store.status("cut")).toMatchObject({ offset: 3 });
    });

    test("closing twice is no error, nor is closing after a commit", async () => {
      const store = await open();
      const left = await store.writer({ ref: "left" });
      await left.close();
      await left.close();
      const done = await store.writer({ ref: "done" });
      await done.commit();
      await done.close();
    });

    test("a writer does nothing after it was closed", async () => {
      const store = await open();
      const writer = await store.writer({ ref: "closed" });
      await writer.write(bytes("a"));
      await writer.close();
      await expect(writer.write(bytes("b"))).rejects.toEqual(failure("failed-precondition"));
      await expect(writer.status()).rejects.toEqual(failure("failed-precondition"));
      await expect(writer.truncate(0)).rejects.toEqual(failure("failed-precondition"));
      await expect(writer.commit()).rejects.toEqual(failure("failed-precondition"));
      expect(await store.status("closed")).toMatchObject({ offset: 1 });
    });

    test("a ref that is empty, longer than 1 KiB, or holds a NUL is refused", async () => {
      const store = await open();
      for (const ref of ["", "r".repeat(1025), "é".repeat(513), "a\0b"]) {
        await expect(store.writer({ ref })).rejects.toEqual(failure("invalid-argument"));
      }
      expect(await Array.fromAsync(store.listStatuses())).toEqual([]);
    });

    test("a ref may be any other text, and is never a path", async () => {
      const store = await open();
      const texts = [
        "layer-sha256:ab/cd@latest",
        "../../../etc/passwd",
        "/",
        ".",
        "..",
        "ü日本🙂",
        " ",
        "r".repeat(1024),
      ];
      for (const ref of texts) await leave(store, ref, bytes(ref));
      const statuses = await Array.fromAsync(store.listStatuses());
      expect(statuses.map(({ ref }) => ref)).toEqual(expect.arrayContaining(texts));
      for (const ref of texts) expect(await store.status(ref)).toMatchObject({ ref, offset: bytes(ref).length });
    });
  });

  describe("the lock of a ref", () => statesLocks(open, openers));
}

function statesLocks(open: OpenStore, openers: number): void {
  test(`of ${openers} openers at once exactly one wins, and the others are told since when it is locked`, async () => {
    const store = await open();
    const before = Date.now();
    const opened = await Promise.allSettled(Array.from({ length: openers }, () => store.writer({ ref: "one" })));
    const [winner, ...more] = opened.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    expect(more).toEqual([]);
    const errors = opened.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    expect(errors).toHaveLength(openers - 1);
    const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? \+0000 UTC`;
    for (const error of errors) {
      expect(error).toEqual(
        failure("unavailable", new RegExp(String.raw`^ref one locked for \S+s \(since ${time}\)$`)),
      );
      expect(error.facts.locked.ref).toBe("one");
      expect(error.facts.locked.since.getTime()).toBeGreaterThanOrEqual(before - 1);
    }
    await winner?.write(bytes("still mine"));
    await winner?.close();
  });

  test("closing lets the next one in, who goes on at the offset", async () => {
    const store = await open();
    const first = await store.writer({ ref: "next" });
    await first.write(bytes("abc"));
    const second = store.writer({ ref: "next" });
    await first.close();
    await using writer = await second;
    expect(await writer.status()).toMatchObject({ offset: 3 });
  });

  test("the lock is on the ref: two refs may write the same blob, and the second commit says already-exists", async () => {
    const store = await open();
    await using one = await store.writer({ ref: "one" });
    await using two = await store.writer({ ref: "two" });
    await one.write(bytes("same"));
    await two.write(bytes("same"));
    const digest = await one.commit();
    await expect(two.commit()).rejects.toEqual(failure("already-exists"));
    expect(await Array.fromAsync(store.listStatuses())).toEqual([]);
    expect((await get(store, digest)).toString()).toBe("same");
  });

  test("waiting for a lock ends with the caller's signal", async () => {
    const store = await open();
    await using _holder = await store.writer({ ref: "held" });
    const controller = new AbortController();
    const waiting = store.writer({ ref: "held" }, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toEqual(failure("cancelled"));
  });
}
