import { expect, test } from "vitest";
import type { CompareSide } from "../../content/compare/side.ts";
import type { Difference } from "../../content/compare.ts";
import { compare } from "../../content/compare.ts";
import type { Digest } from "../../content/digest.ts";
import { ContentError } from "../../content/errors.ts";
import { makeDigest } from "../../content/parse-digest.ts";
import type { Info, Store } from "../../content/store.ts";

const at = new Date(0);

function digestOf(number: number): Digest {
  return makeDigest("sha256", number.toString(16).padStart(64, "0"));
}

function infoOf(number: number): Info {
  return { digest: digestOf(number), size: number, createdAt: at, updatedAt: at, labels: {} };
}

/** A store of blobs that are named by numbers, and how far it was walked through. */
function storeOf(
  numbers: Iterable<number>,
): Pick<Store, "walk"> & { readonly seen: { asked: number; isOver: boolean } } {
  const seen = { asked: 0, isOver: false };
  return {
    seen,
    async *walk() {
      try {
        for (const number of numbers) {
          seen.asked += 1;
          yield infoOf(number);
        }
      } finally {
        seen.isOver = true;
      }
    },
  };
}

const told = ({ part, info, at: from }: Difference) => `${part} ${info.size} of ${from}`;

async function comparedOf(a: CompareSide, b: CompareSide): Promise<readonly string[]> {
  return (await Array.fromAsync(compare(a, b))).map(told);
}

test("every blob is told once, in the order of digests, with the side that has it", async () => {
  expect(await comparedOf(storeOf([1, 3, 4, 9]), storeOf([2, 3, 9, 10]))).toEqual([
    "only-a 1 of 0",
    "only-b 2 of 0",
    "both 3 of 0",
    "only-a 4 of 0",
    "both 9 of 0",
    "only-b 10 of 0",
  ]);
  const both = await Array.fromAsync(compare(storeOf([1, 3]), storeOf([3])));
  expect(both.map(({ other }) => other?.size)).toEqual([undefined, 3]);
  expect(await comparedOf(storeOf([]), storeOf([7]))).toEqual(["only-b 7 of 0"]);
  expect(await comparedOf([], [])).toEqual([]);
});

test("of several namespaces on one side a digest counts once, as the first of them has it", async () => {
  const a = [storeOf([2, 5]), storeOf([1, 5, 6]), storeOf([5])];
  const comparison = compare(a, storeOf([2, 6]));
  const rows = (await Array.fromAsync(comparison)).map(told);
  expect(rows).toEqual(["only-a 1 of 1", "both 2 of 0", "only-a 5 of 0", "both 6 of 1"]);
  expect(comparison.totals).toEqual({
    "only-a": { blobs: 2, bytes: 6 },
    both: { blobs: 2, bytes: 8 },
    "only-b": { blobs: 0, bytes: 0 },
  });
});

test("twenty thousand drawn blobs in five namespaces are parted as sets part them", async () => {
  let state = 7;
  const draw = (most: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % most;
  };
  const drawn = () => new Set(Array.from({ length: 6000 }, () => draw(20_000)));
  const sorted = (set: ReadonlySet<number>) => storeOf([...set].toSorted((one, other) => one - other));
  const [a, b] = [
    [drawn(), drawn()],
    [drawn(), drawn(), drawn()],
  ];
  const [ofA, ofB] = [new Set(a.flatMap((set) => [...set])), new Set(b.flatMap((set) => [...set]))];
  const parts = { "only-a": new Set<number>(), both: new Set<number>(), "only-b": new Set<number>() };
  let [last, isOrdered] = [-1, true];
  for await (const { part, info } of compare(a.map(sorted), b.map(sorted))) {
    isOrdered &&= info.size > last;
    last = info.size;
    parts[part].add(info.size);
  }
  expect(isOrdered).toBe(true);
  expect(parts.both).toEqual(ofA.intersection(ofB));
  expect(parts["only-a"]).toEqual(ofA.difference(ofB));
  expect(parts["only-b"]).toEqual(ofB.difference(ofA));
});

test("nothing is asked for that is not read, and who leaves ends both walks", async () => {
  const [a, b] = [storeOf(Array(1000).keys()), storeOf(Array(1000).keys())];
  for await (const { info } of compare(a, b)) if (info.size === 4) break;
  expect(a.seen).toEqual({ asked: 5, isOver: true });
  expect(b.seen).toEqual({ asked: 5, isOver: true });
});

test("a store that gives its blobs out of order is an error that names it, and no wrong answer", async () => {
  const names = { a: "node-7/k8s.io", b: "node-9/k8s.io" };
  await expect(Array.fromAsync(compare(storeOf([1]), storeOf([1, 5, 4]), { names }))).rejects.toMatchObject({
    kind: "failed-precondition",
    message: `node-9/k8s.io gives its blobs out of order: ${digestOf(4)} after ${digestOf(5)}`,
  });
});

test("what a walk fails with names its side, and ends the other walk", async () => {
  const a = storeOf([1, 2, 3]);
  const b: Pick<Store, "walk"> = {
    // biome-ignore lint/correctness/useYield: it fails before its first blob
    async *walk() {
      throw new ContentError("unavailable", "it does not answer");
    },
  };
  await expect(Array.fromAsync(compare(a, b))).rejects.toMatchObject({
    kind: "unavailable",
    message: "side b: it does not answer",
  });
  expect(a.seen.isOver).toBe(true);
});

test("it ends once its signal aborted", async () => {
  const ended = new AbortController();
  const rows: number[] = [];
  const reading = (async () => {
    for await (const { info } of compare(storeOf([1, 2, 3]), storeOf([]), { signal: ended.signal })) {
      rows.push(info.size);
      ended.abort();
    }
  })();
  await expect(reading).rejects.toMatchObject({ kind: "cancelled" });
  expect(rows).toEqual([1]);
});
