import { describe, expect, test } from "vitest";
import type { OpenStore, StoreFeatures } from "./open-store.ts";
import { bytes, digestOf, failure, leave, MiB, noise, refs } from "./support.ts";

/** Dropping ingests, also under their writers. */
export function statesAborting(open: OpenStore, features: Pick<StoreFeatures, "overtakenCommit">): void {
  describe("aborting", () => {
    test("an ingest that is not there cannot be aborted", async () => {
      const store = await open();
      await expect(store.abort("none")).rejects.toEqual(failure("not-found"));
    });

    test("an ingest that nobody writes is dropped, and the next writer starts at 0 with another start", async () => {
      const store = await open();
      await leave(store, "stalled", bytes("abc"));
      const { startedAt } = await store.status("stalled");
      await expect.poll(() => Date.now()).toBeGreaterThan(startedAt.getTime());
      await store.abort("stalled");
      await expect(store.status("stalled")).rejects.toEqual(failure("not-found"));
      await expect(store.abort("stalled")).rejects.toEqual(failure("not-found"));
      await using writer = await store.writer({ ref: "stalled" });
      const status = await writer.status();
      expect(status.offset).toBe(0);
      expect(status.startedAt.getTime()).toBeGreaterThan(startedAt.getTime());
    });

    test("an ingest can be aborted under its writer, which is told with its next call", async () => {
      const store = await open();
      const writer = await store.writer({ ref: "written" });
      await writer.write(bytes("abc"));
      await store.abort("written");
      expect(await refs(store)).toEqual([]);
      await expect(writer.write(bytes("d"))).rejects.toEqual(failure("aborted"));
      await writer.close();
      expect(await refs(store)).toEqual([]);
    });

    test("a commit after an abort makes no blob", async () => {
      const store = await open();
      const writer = await store.writer({ ref: "late" });
      await writer.write(bytes("abc"));
      await store.abort("late");
      await expect(writer.commit()).rejects.toEqual(failure("aborted"));
      await expect(store.info(digestOf(bytes("abc")))).rejects.toEqual(failure("not-found"));
    });

    statesAbortingUnderLock(open, features);
  });
}

function statesAbortingUnderLock(open: OpenStore, { overtakenCommit }: Pick<StoreFeatures, "overtakenCommit">): void {
  test("an abort frees the ref at once, and its late writer disturbs nobody", async () => {
    const store = await open();
    const late = await store.writer({ ref: "freed" });
    await late.write(bytes("old"));
    await store.abort("freed");
    await using next = await store.writer({ ref: "freed" });
    await next.write(bytes("new"));
    await expect(late.write(bytes("older"))).rejects.toEqual(failure("aborted"));
    await late.close();
    await expect(store.writer({ ref: "freed" })).rejects.toEqual(failure("unavailable"));
    expect(await next.commit()).toBe(digestOf(bytes("new")));
  });

  test("a write that is under way when its ingest is aborted brings nothing back", async () => {
    const store = await open();
    const writer = await store.writer({ ref: "flying" });
    const written = writer.write(noise(4 * MiB)).catch((error: unknown) => error);
    await store.abort("flying");
    expect([undefined, "aborted"]).toContain(kindOf(await written));
    await expect(writer.status()).rejects.toEqual(failure("aborted"));
    await writer.close();
    await expect(store.status("flying")).rejects.toEqual(failure("not-found"));
    await using next = await store.writer({ ref: "flying" });
    expect(await next.status()).toMatchObject({ offset: 0 });
  });

  test("an abort and a commit at once end as one of the two", async () => {
    const store = await open();
    for (let round = 0; round < 10; round += 1) {
      const data = noise(50_000, round + 1);
      const writer = await store.writer({ ref: "race" });
      await writer.write(data);
      const [committed, aborted] = await Promise.allSettled([writer.commit(), store.abort("race")]);
      expect(await refs(store)).toEqual([]);
      if (committed.status === "fulfilled") {
        expect(await store.info(committed.value)).toMatchObject({ size: data.length });
        expect(aborted).toMatchObject({ reason: failure("not-found") });
      } else {
        expect(committed.reason).toEqual(overtakenCommit === "any" ? expect.any(Error) : failure("aborted"));
        expect(aborted.status).toBe("fulfilled");
        await expect(store.info(digestOf(data))).rejects.toEqual(failure("not-found"));
      }
    }
  });
}

function kindOf(error: unknown): unknown {
  return error instanceof Error && "kind" in error ? error.kind : error;
}
