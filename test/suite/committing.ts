import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Store } from "../../content/store.ts";
import type { OpenStore, StoreFeatures } from "./open-store.ts";
import { bytes, digestOf, digests, failure, get, leave, noise, put, refs } from "./support.ts";

/** What a commit checks, and what is there afterwards. */
export function statesCommitting(open: OpenStore, { winningCommits }: Pick<StoreFeatures, "winningCommits">): void {
  describe("committing", () => {
    test("a commit turns the ingest into a blob", async () => {
      const store = await open();
      const before = Date.now();
      const digest = await put(store, bytes("blob"), { ref: "r", size: 4, expected: digestOf(bytes("blob")) });
      expect(await refs(store)).toEqual([]);
      const info = await store.info(digest);
      expect(info).toMatchObject({ digest, size: 4, labels: {} });
      expect(info.updatedAt).toEqual(info.createdAt);
      // Some keep times in whole seconds.
      expect(info.createdAt.getTime()).toBeGreaterThan(before - 1_000);
      expect(info.createdAt.getTime()).toBeLessThan(Date.now() + 1_000);
      expect((await get(store, digest)).toString()).toBe("blob");
    });

    test("a wrong size is refused, and the ingest is kept and free", async () => {
      const store = await open();
      await using writer = await store.writer({ ref: "size" });
      await writer.write(bytes("abc"));
      await expect(writer.commit({ size: 4 })).rejects.toEqual(failure("failed-precondition", /3.*4/));
      await expectKept(store, "size");
    });

    test("a wrong digest is refused, and the ingest is kept and free", async () => {
      const store = await open();
      await using writer = await store.writer({ ref: "digest" });
      await writer.write(bytes("abc"));
      const expected = digestOf(bytes("other"));
      const text = `unexpected commit digest ${digestOf(bytes("abc"))}, expected ${expected}`;
      await expect(writer.commit({ expected })).rejects.toEqual(failure("failed-precondition", text));
      await expectKept(store, "digest");
    });

    test("what was declared at open is checked at the commit, unless the commit says otherwise", async () => {
      const store = await open();
      const declared = { size: 3, digest: digestOf(bytes("abc")) };
      await leave(store, "declared", bytes("abd"), { descriptor: declared });
      const same = await store.writer({ ref: "declared", descriptor: declared });
      await expect(same.commit()).rejects.toEqual(failure("failed-precondition"));
      await using other = await store.writer({ ref: "declared" });
      expect(await other.commit({ size: 3, expected: digestOf(bytes("abd")) })).toBe(digestOf(bytes("abd")));
    });

    test("a size of 0 or below, and no digest, check nothing", async () => {
      const store = await open();
      expect(await put(store, bytes("a"), { size: 0 })).toBe(digestOf(bytes("a")));
      expect(await put(store, bytes("b"), { size: -1 })).toBe(digestOf(bytes("b")));
    });

    test("a writer does nothing after its commit, whether it failed or not", async () => {
      const store = await open();
      for (const expected of [digestOf(bytes("abc")), digestOf(bytes("wrong"))]) {
        const writer = await store.writer({ ref: "over" });
        await writer.truncate(0);
        await writer.write(bytes("abc"));
        await writer.commit({ expected }).catch(() => undefined);
        await expect(writer.write(bytes("d"))).rejects.toEqual(failure("failed-precondition"));
        await expect(writer.commit()).rejects.toEqual(failure("failed-precondition"));
      }
    });

    test("a commit of what is there says already-exists and drops the ingest", async () => {
      const store = await open();
      const digest = await put(store, bytes("there"), { ref: "first" });
      await expect(put(store, bytes("there"), { ref: "second" })).rejects.toEqual(
        failure("already-exists", `content ${digest}`),
      );
      expect(await refs(store)).toEqual([]);
      expect(await digests(store)).toEqual([digest]);
    });

    test("opening with a digest that is there says already-exists, and the ingest on that ref is dropped", async () => {
      const store = await open();
      const digest = await put(store, bytes("there"));
      await leave(store, "half", bytes("th"));
      for (const ref of ["half", "new"]) {
        const writer = store.writer({ ref, descriptor: { digest, size: 5 } });
        await expect(writer).rejects.toEqual(failure("already-exists", `content ${digest}`));
      }
      expect(await refs(store)).toEqual([]);
    });

    test("of many commits of the same bytes at once one makes the blob, and the others say already-exists", async () => {
      const store = await open();
      const data = noise(300_000);
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, (_, at) => put(store, data, { ref: `writer-${at}` })),
      );
      const won = results.filter(({ status }) => status === "fulfilled");
      expect(won.length).toBeGreaterThan(0);
      if (winningCommits !== "any") expect(won).toHaveLength(1);
      for (const result of results) {
        if (result.status === "rejected") expect(result.reason).toEqual(failure("already-exists"));
      }
      expect(await digests(store)).toEqual([digestOf(data)]);
      expect(await refs(store)).toEqual([]);
    });

    test("many commits of different bytes at once are all there", async () => {
      const store = await open();
      const blobs = Array.from({ length: 40 }, (_, at) => noise(2000, at + 1));
      const written = await Promise.all(blobs.map((data, at) => put(store, data, { ref: `w${at}` })));
      expect(await digests(store)).toEqual(written.toSorted());
    });

    for (const algorithm of ["sha384", "sha512"] as const) {
      test(`a blob can be named by ${algorithm}, declared at open or at the commit`, async () => {
        const store = await open();
        const [first, second] = [noise(3_000, 1), noise(3_000, 2)];
        const declared = digestOf(first, algorithm);
        expect(await put(store, first, { descriptor: { digest: declared } })).toBe(declared);
        expect((await get(store, declared)).equals(first)).toBe(true);
        const atCommit = digestOf(second, algorithm);
        expect(await put(store, second, { expected: atCommit })).toBe(atCommit);
        expect((await get(store, atCommit)).equals(second)).toBe(true);
        const wrong = put(store, bytes("else"), { expected: digestOf(bytes("this"), algorithm), ref: "wrong" });
        await expect(wrong).rejects.toEqual(failure("failed-precondition"));
        expect(await refs(store)).toEqual(["wrong"]);
      });
    }

    test("the same bytes may be there by several algorithms", async () => {
      const store = await open();
      const data = bytes("thrice");
      for (const algorithm of ["sha256", "sha384", "sha512"] as const) {
        await put(store, data, { expected: digestOf(data, algorithm), ref: algorithm });
      }
      expect(await digests(store)).toHaveLength(3);
    });

    test("no reader sees a blob beside its ingest, or neither of the two", async () => {
      const store = await open();
      const data = noise(200_000);
      const digest = digestOf(data);
      const writer = await store.writer({ ref: "instant" });
      await writer.write(data);
      let over = false;
      const committed = writer.commit().finally(() => {
        over = true;
      });
      do {
        await nextTurn();
        if (await isThere(() => store.info(digest))) {
          expect(await isThere(() => store.status("instant"))).toBe(false);
        } else if (!(await isThere(() => store.status("instant")))) {
          expect(await isThere(() => store.info(digest))).toBe(true);
        }
      } while (!over);
      await committed;
    });
  });
}

/** The three bytes are there, and nobody holds them. */
async function expectKept(store: Store, ref: string): Promise<void> {
  await using again = await store.writer({ ref });
  expect(await again.status()).toMatchObject({ offset: 3 });
  expect(await again.commit()).toBe(digestOf(bytes("abc")));
}

async function isThere(look: () => Promise<unknown>): Promise<boolean> {
  try {
    await look();
    return true;
  } catch (error) {
    expect(error).toEqual(failure("not-found"));
    return false;
  }
}
