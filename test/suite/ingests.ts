import { describe, expect, test } from "vitest";
import type { OpenStore } from "./open-store.ts";
import { bytes, digestOf, failure, get, leave, MiB, noise, put, refs } from "./support.ts";

/** What is known of an ingest, and going on with it. */
export function statesIngests(open: OpenStore): void {
  describe("ingests", () => {
    test("a status tells of a write while it runs, without its lock", async () => {
      const store = await open();
      const expected = digestOf(bytes("abcdef"));
      const before = Date.now();
      await using writer = await store.writer({ ref: "running", descriptor: { size: 6, digest: expected } });
      const opened = await store.status("running");
      expect(opened).toMatchObject({ ref: "running", offset: 0, total: 6, expected });
      expect(opened.startedAt.getTime()).toBeGreaterThanOrEqual(before - 1);
      await writer.write(bytes("abc"));
      const written = await store.status("running");
      expect(written).toMatchObject({ offset: 3, startedAt: opened.startedAt });
      expect(written.updatedAt.getTime()).toBeGreaterThanOrEqual(written.startedAt.getTime());
      expect(await writer.status()).toMatchObject({ ref: "running", offset: 3, total: 6 });
      expect(await Array.fromAsync(store.listStatuses())).toEqual([written]);
    });

    test("total and expected that were not declared are unknown", async () => {
      const store = await open();
      await leave(store, "unknown", bytes("a"), { descriptor: { size: 0 } });
      await leave(store, "below", bytes("a"), { descriptor: { size: -1 } });
      for (const ref of ["unknown", "below"]) {
        const status = await store.status(ref);
        expect(status.total).toBe(0);
        expect(status.expected).toBeUndefined();
      }
    });

    test("a declared size that no number holds exactly is refused", async () => {
      const store = await open();
      const descriptor = { size: Number.MAX_SAFE_INTEGER + 1 };
      await expect(store.writer({ ref: "r", descriptor })).rejects.toEqual(failure("invalid-argument"));
      expect(await refs(store)).toEqual([]);
    });

    test("an ingest that is not there has no status, and a committed one has none any more", async () => {
      const store = await open();
      await expect(store.status("none")).rejects.toEqual(failure("not-found"));
      await put(store, bytes("a"), { ref: "committed" });
      await expect(store.status("committed")).rejects.toEqual(failure("not-found"));
    });

    test("statuses are listed in the order of refs, those that any filter matches", async () => {
      const store = await open();
      const names = ["b", "layer-2", "e", "a", "d", "layer-1", "c", "f"];
      for (const ref of names) await leave(store, ref, bytes(ref));
      expect(await refs(store)).toEqual(names.toSorted());
      expect(await refs(store, [""])).toEqual(names.toSorted());
      expect(await refs(store, ["ref==a", "ref~=^layer-"])).toEqual(["a", "layer-1", "layer-2"]);
      expect(await refs(store, ["ref==g"])).toEqual([]);
      await expect(refs(store, ["ref>"])).rejects.toEqual(failure("invalid-argument"));
    });

    test("a writer goes on where the last one stopped, at every phase", async () => {
      const store = await open();
      const data = noise(2 * MiB + 100);
      const stops = [0, 1, MiB - 1, MiB, MiB + 1, 2 * MiB, data.length];
      let at = 0;
      const started = new Set<number>();
      for (const stop of stops) {
        await using writer = await store.writer({ ref: "phases", descriptor: { size: data.length } });
        const status = await writer.status();
        expect(status).toMatchObject({ offset: at, total: data.length });
        started.add(status.startedAt.getTime());
        if (stop > at) await writer.write(data.subarray(at, stop));
        at = stop;
      }
      expect(started.size).toBe(1);
      await using last = await store.writer({ ref: "phases" });
      expect(last.digest()).toBe(digestOf(data));
      const digest = await last.commit({ size: data.length, expected: digestOf(data) });
      expect((await get(store, digest)).equals(data)).toBe(true);
    });

    test("a resumed ingest can be truncated and written anew", async () => {
      const store = await open();
      await leave(store, "again", bytes("half"));
      await using writer = await store.writer({ ref: "again" });
      await writer.truncate(0);
      await writer.write(bytes("whole"));
      expect(await writer.commit()).toBe(digestOf(bytes("whole")));
    });

    test("going on with another total is refused, and the ingest stays free and as it was", async () => {
      const store = await open();
      await leave(store, "total", bytes("ab"), { descriptor: { size: 10 } });
      const other = store.writer({ ref: "total", descriptor: { size: 11 } });
      const text = "provided total differs from status: 11 != 10";
      await expect(other).rejects.toEqual(failure("failed-precondition", text));
      await leave(store, "total", bytes("c"));
      expect(await store.status("total")).toMatchObject({ offset: 3, total: 10 });
    });

    test("a total that was unknown can be declared when going on", async () => {
      const store = await open();
      await leave(store, "later", bytes("ab"));
      await leave(store, "later", bytes("c"), { descriptor: { size: 3 } });
      expect(await store.status("later")).toMatchObject({ offset: 3, total: 3 });
    });

    test("a call whose signal is aborted already is cancelled, and holds nothing", async () => {
      const store = await open();
      await leave(store, "there", bytes("a"));
      const signal = AbortSignal.abort();
      await expect(store.writer({ ref: "there" }, signal)).rejects.toEqual(failure("cancelled"));
      await expect(Array.fromAsync(store.listStatuses([], signal))).rejects.toEqual(failure("cancelled"));
      await leave(store, "there", bytes("b"));
      expect(await store.status("there")).toMatchObject({ offset: 2 });
    });

    test("a listing tells of 200 open writers", async () => {
      const store = await open();
      const names = Array.from({ length: 200 }, (_, at) => `w${String(at).padStart(3, "0")}`);
      const writers = await Promise.all(names.map((ref) => store.writer({ ref })));
      expect(await refs(store)).toEqual(names);
      await Promise.all(writers.map((writer) => writer.close()));
    });
  });
}
