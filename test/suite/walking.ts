import { describe, expect, test } from "vitest";
import type { OpenStore } from "./open-store.ts";
import { bytes, digestOf, digests, failure, noise, put } from "./support.ts";

/** Listing blobs. */
export function statesWalking(open: OpenStore): void {
  describe("walking", () => {
    test("an empty store has nothing to walk", async () => {
      const store = await open();
      expect(await Array.fromAsync(store.walk())).toEqual([]);
    });

    test("blobs come in the order of digests, each as its info says", async () => {
      const store = await open();
      for (let seed = 1; seed <= 30; seed += 1) {
        const data = noise(seed, seed);
        const algorithm = (["sha256", "sha384", "sha512"] as const)[seed % 3];
        await put(store, data, { expected: digestOf(data, algorithm) });
      }
      const infos = await Array.fromAsync(store.walk());
      const order = infos.map(({ digest }) => digest);
      expect(order).toHaveLength(30);
      expect(order).toEqual(order.toSorted());
      for (const info of infos) expect(await store.info(info.digest)).toEqual(info);
    });

    test("a blob is walked when any of the filters matches it", async () => {
      const store = await open();
      const [a, b, c] = await Promise.all(["a", "bb", "ccc"].map((text) => put(store, bytes(text))));
      const all = [a, b, c].toSorted();
      expect(await digests(store, [])).toEqual(all);
      expect(await digests(store, [""])).toEqual(all);
      expect(await digests(store, [`digest==${a}`])).toEqual([a]);
      expect(await digests(store, [`digest==${a}`, `digest==${b}`])).toEqual([a, b].toSorted());
      expect(await digests(store, [`digest~=^sha256:${b?.slice(7, 20)}`])).toEqual([b]);
      expect(await digests(store, ["size==3"])).toEqual([c]);
      expect(await digests(store, ["digest~=^sha512"])).toEqual([]);
      expect(await digests(store, ["labels.none"])).toEqual([]);
    });

    test("a filter that does not parse is refused with the first row, whatever is stored", async () => {
      const store = await open();
      const rows = store.walk(["digest=="])[Symbol.asyncIterator]();
      await expect(rows.next()).rejects.toEqual(failure("invalid-argument"));
      await expect(digests(store, ['digest=="'])).rejects.toEqual(failure("invalid-argument"));
    });

    test("a walk may be left early, and goes on through deletions", async () => {
      const store = await open();
      const all = await Promise.all(Array.from({ length: 20 }, (_, at) => put(store, noise(10, at + 1))));
      const seen: string[] = [];
      for await (const { digest } of store.walk()) {
        seen.push(digest);
        await store.delete(digest);
        if (seen.length === 10) break;
      }
      expect(seen).toEqual(all.toSorted().slice(0, 10));
      expect(await digests(store)).toEqual(all.toSorted().slice(10));
    });

    test("a walk ends with its signal", async () => {
      const store = await open();
      await Promise.all(Array.from({ length: 300 }, (_, at) => put(store, noise(10, at + 1))));
      const controller = new AbortController();
      const walk = async () => {
        for await (const _info of store.walk([], controller.signal)) controller.abort();
      };
      await expect(walk()).rejects.toEqual(failure("cancelled"));
      await expect(Array.fromAsync(store.walk([], AbortSignal.abort()))).rejects.toEqual(failure("cancelled"));
    });
  });
}
