import fc from "fast-check";
import { expect, test } from "vitest";
import type { Query } from "./model.ts";
import type { ResumeStep } from "./resume-model.ts";
import { openResumeModel } from "./resume-model.ts";

const place = { in: fc.nat(1), number: fc.nat(7) };
const times = fc.nat(6);

const step: fc.Arbitrary<ResumeStep> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("put"), ...place, tier: fc.constantFrom("", "gold", "iron") }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("remove"), ...place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("flash"), ...place, times }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("hold") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("tell"), changes: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("tell all") }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("read"), times }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("cut") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart") }) },
);

const query: fc.Arbitrary<Query> = fc.record({
  namespaces: fc.constantFrom(["*"], ["a"], ["a", "b"]),
  filters: fc.constantFrom([], ["labels.tier==gold"]),
  orderBy: fc.constantFrom("", "size desc", "updated_at desc"),
  limit: fc.constantFrom(0, 0, 0, 1, 3, 8),
  startAt: fc.option(fc.record(place), { nil: undefined }),
  timing: fc.record({
    pendingKeys: fc.constantFrom(4, 1000),
    pageRows: fc.integer({ min: 1, max: 7 }),
    batchRows: fc.constantFrom(2, 500),
  }),
});

type Model = ReturnType<typeof openResumeModel>;

/** Reads after which a reader that nobody disturbs any more is current. */
const enough = 2000;

/** More changes while a set is counted than a reader may fall behind: it begins anew, rather than with a count of nothing. */
const moreThanACountRemembers: [Parameters<typeof openResumeModel>[0], Parameters<Model["apply"]>[0][]] = [
  {
    namespaces: ["*"],
    filters: ["labels.tier==gold"],
    orderBy: "",
    limit: 0,
    startAt: undefined,
    timing: { pendingKeys: 4, pageRows: 1, batchRows: 2 },
  },
  [
    { do: "hold" },
    { do: "flash", in: 0, number: 0, times: 1 },
    { do: "flash", in: 0, number: 0, times: 0 },
    { do: "flash", in: 0, number: 0, times: 0 },
    { do: "read", times: 1 },
  ],
];

test("whatever is written, cut, resumed and restarted, a reader's set is the table's, and right at every bookmark", async () => {
  const tally = { resumed: 0, begun: 0, bookmarks: 0 };
  await fc.assert(
    fc.asyncProperty(query, fc.array(step, { maxLength: 80, size: "max" }), async (asked, steps) => {
      await using model = openResumeModel(asked);
      for (const each of steps) await model.apply(each);
      await model.apply({ do: "tell all" });
      const isCurrent = () => JSON.stringify(model.held()) === JSON.stringify(model.wanted());
      for (let reads = 0; reads < enough && !isCurrent(); reads += 1) await model.apply({ do: "read", times: 1 });
      expect(model.faults).toEqual([]);
      expect(model.held()).toEqual(model.wanted());
      await model.apply({ do: "cut" });
      await expect.poll(() => model.open()).toEqual([0, false]);
      for (const key of ["resumed", "begun", "bookmarks"] as const) tally[key] += model.tally[key];
    }),
    { numRuns: 600, examples: [moreThanACountRemembers] },
  );
  // A model that never resumes would prove nothing.
  expect(tally.resumed).toBeGreaterThan(200);
  expect(tally.bookmarks).toBeGreaterThan(2000);
}, 300_000);
