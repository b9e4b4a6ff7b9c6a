import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { microsOf } from "../../../content/instant.ts";
import type { OrderKey } from "../../../content/order.ts";
import { compareBy } from "../../../content/order.ts";
import type { Selection } from "../../../content/remote/events.ts";
import { compileSelection } from "../../../server/feed/selection.ts";
import type { Metadata } from "../../../server/metadata/metadata.ts";
import type { Namespaces } from "../../../server/metadata/set.ts";
import { openTestMetadata, put } from "./support.ts";

const fields: readonly OrderKey["field"][] = ["digest", "namespace", "size", "createdAt", "updatedAt"];

const selections: readonly Selection[] = [
  {},
  { filters: ["labels.tier==gold"] },
  { filters: ["size!=3,labels.tier==gold", "labels.tier==iron"] },
  { regexp: "^sha256:[0-7]" },
  { regexp: "tier=.*o" },
  { filters: ["labels.nothing"] },
  { query: "size:>3B -ns:c" },
  { query: "label:tier=gold age:<1h", regexp: "[0-7]$" },
  { query: "size:>1GiB" },
];

/** Blobs of few sizes and labels, many of them in more than one namespace. */
async function fill(metadata: Metadata): Promise<void> {
  for (let number = 0; number < 60; number += 1) {
    for (const namespace of ["a", "b", "c"].slice(number % 3)) {
      const tier = ["gold", "iron", ""][(number + namespace.length) % 3] ?? "";
      await put(metadata, namespace, `${number}`.padStart(2 + (number % 4)), { tier });
    }
  }
}

function everyRow(metadata: Metadata) {
  using view = metadata.snapshot();
  return view.page("*", [], undefined, 1000);
}

test("pages of every selection and order, from any place, are its rows, sorted, and the totals count them", async () => {
  const { metadata } = await openTestMetadata();
  await fill(metadata);
  const all = everyRow(metadata);
  const key = fc.record({ field: fc.constantFrom(...fields), descending: fc.boolean() });
  const order = fc.uniqueArray(key, { maxLength: 2, selector: ({ field }) => field });
  const namespaces = fc.oneof(fc.constant("*" as const), fc.subarray(["a", "b", "c", "d"], { minLength: 1 }));
  const query = fc.tuple(
    namespaces,
    order,
    fc.constantFrom(...selections),
    fc.nat(130),
    fc.nat(20),
    fc.integer({ min: 1, max: 40 }),
  );
  await fc.assert(
    fc.asyncProperty(query, async ([chosen, by, selection, start, skip, limit]) => {
      const names = chosen === "*" ? ["*"] : chosen;
      const { selectsBlob } = compileSelection({ ...selection, namespaces: names }, undefined);
      const wanted = all.filter(selectsBlob).sort(compareBy(by));
      const before = wanted[start];
      const first = before === undefined ? skip : start + 1 + skip;
      const page = await metadata.page(
        {
          selection,
          namespaces: chosen as Namespaces,
          order: by,
          skip,
          limit,
          ...(before && { after: keyOf(before) }),
        },
        "me",
      );
      expect(page.rows).toEqual(wanted.slice(first, first + limit));
      expect(page.more).toBe(wanted.length > first + limit);
      const sizes = new Map(wanted.map(({ info }) => [info.digest, info.size]));
      const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
      expect(page.totals).toEqual({ count: wanted.length, bytes });
    }),
    { numRuns: 200 },
  );
});

const everything = { selection: {}, namespaces: "*", order: [], skip: 0, limit: 10 } as const;
const filtered = { ...everything, selection: { filters: ["size!=0"] } };

describe("a page", () => {
  test("shows what was committed before it was asked for, also from a list that was kept", async () => {
    const { metadata } = await openTestMetadata();
    await put(metadata, "a", "one");
    expect((await metadata.page(everything, "me")).totals.count).toBe(1);
    const digest = await put(metadata, "a", "two");
    expect((await metadata.page(everything, "me")).totals.count).toBe(2);
    expect((await metadata.page(filtered, "me")).rows).toHaveLength(2);
    await metadata.in({ namespace: "a" }).delete(digest);
    // A list that is kept for moments shows no row that is gone.
    expect((await metadata.page(filtered, "me")).rows).toHaveLength(1);
  });

  test("ends early where labels are very long, and the next one goes on", async () => {
    const { metadata } = await openTestMetadata();
    const labels = Object.fromEntries(Array.from({ length: 300 }, (_, number) => [`k${number}`, "v".repeat(4000)]));
    for (const text of ["1", "2", "3", "4", "5", "6"]) await put(metadata, "a", text, labels);
    const first = await metadata.page(everything, "me");
    expect(first).toMatchObject({ more: true, totals: { count: 6 } });
    expect(first.rows).toHaveLength(3);
    const [, , last] = first.rows;
    const next = await metadata.page({ ...everything, ...(last && { after: keyOf(last) }) }, "me");
    expect([next.rows.length, next.more]).toEqual([3, false]);
  });

  test("that is not wanted any more is cancelled, and the next one is answered", async () => {
    const { metadata } = await openTestMetadata();
    await put(metadata, "a", "one");
    const left = new AbortController();
    const pages = Array.from({ length: 4 }, () => metadata.page(filtered, "me", left.signal));
    left.abort();
    for (const outcome of await Promise.allSettled(pages)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { kind: "cancelled" } });
    }
    expect((await metadata.page(filtered, "me")).totals.count).toBe(1);
  });

  test("beyond a caller's quota is refused, and other callers are not", async () => {
    const { metadata } = await openTestMetadata();
    await put(metadata, "a", "one");
    const pages = Array.from({ length: 20 }, () => metadata.page(filtered, "greedy"));
    const other = metadata.page(filtered, "other");
    const outcomes = await Promise.allSettled(pages);
    const refused = outcomes.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(12);
    expect(refused[0]).toMatchObject({ reason: { kind: "resource-exhausted" } });
    await other;
    await metadata.page(filtered, "greedy");
  });

  test("of a selection that is none is refused as such", async () => {
    const { metadata } = await openTestMetadata();
    const page = metadata.page({ ...everything, selection: { regexp: "(" } }, "me");
    await expect(page).rejects.toMatchObject({ kind: "invalid-argument" });
  });
});

function keyOf({ namespace, info }: ReturnType<typeof everyRow>[number]) {
  const { digest, size, createdAt, updatedAt } = info;
  return { namespace, digest, size, created_at: microsOf(createdAt), updated_at: microsOf(updatedAt) };
}
