import fc from "fast-check";
import { expect, test } from "vitest";
import type { Query, Step } from "./model.ts";
import { change, openModel } from "./model.ts";
import { createTable } from "./table.ts";

const place = { in: fc.nat(1), number: fc.nat(7) };
const times = fc.nat(5);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("put"), ...place, tier: fc.constantFrom("", "gold", "iron") }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("remove"), ...place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("flash"), ...place, times }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("hold") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("tell"), changes: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("tell all") }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("read"), times }) },
);

const query: fc.Arbitrary<Query> = fc.record({
  namespaces: fc.constantFrom(["*"], ["a"], ["a", "b"]),
  filters: fc.constantFrom([], ["labels.tier==gold"]),
  orderBy: fc.constantFrom("", "size desc", "updated_at desc"),
  limit: fc.constantFrom(0, 0, 1, 3, 8),
  startAt: fc.option(fc.record(place), { nil: undefined }),
  timing: fc.record({
    pendingKeys: fc.constantFrom(4, 1000),
    pageRows: fc.integer({ min: 1, max: 7 }),
    batchRows: fc.constantFrom(2, 500),
  }),
});

/** Reads after which a reader that nobody disturbs any more is current. */
const enough = 2000;

test("whatever happens in whatever order, a reader's set is the table's, and its counts are exact at every bookmark", async () => {
  const [before, after] = [fc.array(step, { maxLength: 30 }), fc.array(step, { maxLength: 60 })];
  await fc.assert(
    fc.asyncProperty(query, before, after, async (asked, earlier, later) => {
      const table = createTable();
      for (const each of earlier) change(table, each);
      using model = openModel(table, asked);
      for (const each of later) await model.apply(each);
      table.tell();
      const isCurrent = () => JSON.stringify(model.held()) === JSON.stringify(model.wanted());
      for (let reads = 0; reads < enough && !isCurrent(); reads += 1) await model.apply({ do: "read", times: 1 });
      expect(model.miscounts).toEqual([]);
      expect(model.held()).toEqual(model.wanted());
      model[Symbol.dispose]();
      await expect.poll(() => [table.openViews, table.feed.watched]).toEqual([0, false]);
    }),
    { numRuns: 1000 },
  );
});
