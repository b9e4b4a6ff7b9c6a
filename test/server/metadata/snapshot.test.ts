import fc from "fast-check";
import { expect, test } from "vitest";
import type { OrderKey } from "../../../content/order.ts";
import { compareBy } from "../../../content/order.ts";
import type { BlobRow } from "../../../server/feed/change.ts";
import type { Metadata } from "../../../server/metadata/metadata.ts";
import type { Namespaces } from "../../../server/metadata/set.ts";
import { openTestMetadata, put } from "./support.ts";

const fields: readonly OrderKey["field"][] = ["digest", "namespace", "size", "createdAt", "updatedAt"];
const names = ["a", "b", "c", "nothing"];

/** Texts of few sizes, several of them in more than one namespace. */
async function fill(metadata: Metadata): Promise<readonly BlobRow[]> {
  const rows: BlobRow[] = [];
  for (let number = 0; number < 60; number += 1) {
    for (const namespace of ["a", "b", "c"].slice(number % 3)) {
      const digest = await put(metadata, namespace, `${number}`.padStart(2 + (number % 4)));
      rows.push({ namespace, info: await metadata.in({ namespace }).info(digest) });
    }
  }
  return rows;
}

/** All rows of a view, read in pages of a size that leaves a rest. */
function readAll(metadata: Metadata, namespaces: Namespaces, order: readonly OrderKey[]): readonly BlobRow[] {
  using view = metadata.snapshot();
  const rows: BlobRow[] = [];
  for (;;) {
    const page = view.page(namespaces, order, rows.at(-1), 7);
    if (page.length === 0) return rows;
    rows.push(...page);
  }
}

function bytesOnce(rows: readonly BlobRow[]): number {
  const sizes = new Map(rows.map(({ info }) => [info.digest, info.size]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

test("pages of every order over any namespaces are all their rows, sorted, and the totals count them", async () => {
  const { metadata } = await openTestMetadata();
  const rows = await fill(metadata);
  const key = fc.record({ field: fc.constantFrom(...fields), descending: fc.boolean() });
  const order = fc.uniqueArray(key, { maxLength: 2, selector: ({ field }) => field });
  const namespaces = fc.oneof(fc.constant("*" as const), fc.subarray(names, { minLength: 1 }));
  fc.assert(
    fc.property(namespaces, order, (chosen, by) => {
      const wanted = rows.filter(({ namespace }) => chosen === "*" || chosen.includes(namespace)).sort(compareBy(by));
      expect(readAll(metadata, chosen, by)).toEqual(wanted);
      using view = metadata.snapshot();
      expect(view.totals(chosen)).toEqual({ count: wanted.length, bytes: bytesOnce(wanted) });
    }),
    { numRuns: 150 },
  );
});

test("a page that begins with a row holds that row where it is there, and the next ones where it is not", async () => {
  const { metadata } = await openTestMetadata();
  const rows = await fill(metadata);
  const [gone] = rows.filter(({ namespace }) => namespace === "b");
  if (gone !== undefined) await metadata.in(gone).delete(gone.info.digest);
  const key = fc.record({ field: fc.constantFrom(...fields), descending: fc.boolean() });
  const order = fc.uniqueArray(key, { maxLength: 2, selector: ({ field }) => field });
  using view = metadata.snapshot();
  fc.assert(
    fc.property(
      fc.constantFrom<Namespaces>("*", ["b"], ["a", "b"]),
      order,
      fc.constantFrom(...rows),
      (chosen, by, at) => {
        const compare = compareBy(by);
        const wanted = rows
          .filter((row) => row !== gone && (chosen === "*" || chosen.includes(row.namespace)) && compare(row, at) >= 0)
          .sort(compare);
        expect(view.page(chosen, by, at, 5, true)).toEqual(wanted.slice(0, 5));
      },
    ),
    { numRuns: 150 },
  );
});

test("totals follow every blob that comes and goes, in any namespace", async () => {
  const { metadata } = await openTestMetadata();
  const rows = [...(await fill(metadata))];
  while (rows.length > 0) {
    const [row] = rows.splice((rows.length * 7) % rows.length, 1);
    if (row !== undefined) await metadata.in(row).delete(row.info.digest);
    using view = metadata.snapshot();
    expect(view.totals("*")).toEqual({ count: rows.length, bytes: bytesOnce(rows) });
  }
});

test("a view stays as it was, and says up to which change it is", async () => {
  const { metadata, changes } = await openTestMetadata();
  await put(metadata, "a", "first");
  using before = metadata.snapshot();
  await put(metadata, "a", "second");
  using after = metadata.snapshot();
  expect(before.totals("*").count).toBe(1);
  expect(before.page("*", [], undefined, 10)).toHaveLength(1);
  expect(after.totals("*").count).toBe(2);
  const blobs = changes.filter(({ kind }) => kind === "blob").map(({ sequence }) => sequence);
  expect(blobs[0]).toBeLessThanOrEqual(before.sequence);
  expect(blobs[1]).toBeGreaterThan(before.sequence);
  expect(after.sequence).toBe(metadata.feed.sequence);
});

test("labels with any text come back", async () => {
  const { metadata } = await openTestMetadata();
  const labels = { 'quote"\\': "line\nand \u0007", "a.b/c:d": "x".repeat(4000), emoji: "\u{1f4e6}" };
  const digest = await put(metadata, "a", "bytes", labels);
  using view = metadata.snapshot();
  expect(view.page("*", [], undefined, 5000)[0]?.info).toMatchObject({ digest, labels });
});
