import fc from "fast-check";
import { expect, test } from "vitest";
import { compareBy, parseOrder } from "../../../content/order.ts";
import type { BlobRow } from "../../../server/feed/change.ts";
import { openLiveBlobs } from "../../../server/feed/live-blobs.ts";
import { streamSet } from "../../../server/feed/live-set.ts";
import { compileSelection } from "../../../server/feed/selection.ts";
import { createReader, quick } from "./reader.ts";
import { createTable, digestOf, totalsOf } from "./table.ts";

const numbers = 7;
const tiers = ["", "gold", "iron"] as const;

/** What happens to the table and its reader, one after the other. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("put"), in: fc.nat(1), number: fc.nat(numbers), tier: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("remove"), in: fc.nat(1), number: fc.nat(numbers) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("hold") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("tell"), changes: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("tell all") }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("read"), times: fc.nat(5) }) },
);

/** What the reader asks for, and how much it may fall behind. */
const query = fc.record({
  namespaces: fc.constantFrom(["*"], ["a"], ["a", "b"]),
  filters: fc.constantFrom([], ["labels.tier==gold"]),
  orderBy: fc.constantFrom("", "size desc", "updated_at desc"),
  limit: fc.constantFrom(0, 0, 1, 3, 8),
  pendingKeys: fc.constantFrom(4, 1000),
  pageRows: fc.integer({ min: 1, max: 7 }),
  batchRows: fc.constantFrom(2, 500),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Query = typeof query extends fc.Arbitrary<infer T> ? T : never;

function openModel({ limit, orderBy, pendingKeys, pageRows, batchRows, ...selected }: Query, before: readonly Step[]) {
  const table = createTable();
  for (const each of before) apply(each);
  const selection = compileSelection(selected, undefined);
  const order = parseOrder(orderBy);
  const timing = { ...quick, heartbeatMs: 5, settleMs: 60_000, pendingKeys, pageRows, batchRows };
  const left = new AbortController();
  const options = { follow: true, timing, stopping: new AbortController().signal, signal: left.signal };
  const reader = createReader(
    streamSet((wake, signal) => openLiveBlobs(table, { selection, order, limit, minIntervalMs: 2 }, timing, wake, signal), options),
  );
  const wrong: string[] = [];
  let asked: Promise<void> | undefined;

  function apply(one: Step): void {
    if (one.do === "put" || one.do === "remove") {
      const { in: inside, number, tier } = one as { in: number; number: number; tier?: number };
      const namespace = inside === 0 ? "a" : "b";
      if (tier === undefined) table.remove(namespace, digestOf(number));
      else table.put(namespace, digestOf(number), number + 1, { tier: tiers[tier] ?? "" });
    } else if (one.do === "hold") table.hold();
    else if (one.do === "tell") table.tell((one as { changes: number }).changes);
    else if (one.do === "tell all") table.tell();
  }

  /** The rows that a reader that heard of everything holds. */
  function wanted(): readonly BlobRow[] {
    const rows = table.rows().filter(selection.selectsBlob).toSorted(compareBy(order));
    return limit === 0 ? rows : rows.slice(0, limit);
  }

  async function next(): Promise<void> {
    const event = await reader.next();
    if (limit > 0 && reader.blobs.size > limit + 2 * numbers + 2) wrong.push(`${reader.blobs.size} rows of ${limit}`);
    if (event?.kind !== "bookmark" || !event.complete || limit > 0) return;
    const held = totalsOf(reader.blobs.values());
    if (JSON.stringify(held) !== JSON.stringify(event.selected)) {
      wrong.push(`counted ${JSON.stringify(event.selected)}, told ${JSON.stringify(held)}`);
    }
  }

  const byName = (rows: Iterable<BlobRow>) => new Map([...rows].map((row) => [`${row.namespace} ${row.info.digest}`, row]));
  return {
    table,
    reader,
    wrong,
    left,
    apply,
    /** Asks for an event, and does not wait for one that comes only once something is told. */
    async read(): Promise<void> {
      asked ??= next().finally(() => {
        asked = undefined;
      });
      await Promise.race([asked, turns(10)]);
    },
    isCurrent: () => {
      const { whole, selected: counted } = reader.bookmark ?? {};
      const all = totalsOf(table.rows().filter(selection.covers));
      const chosen = totalsOf(table.rows().filter(selection.selectsBlob));
      return (
        JSON.stringify([...byName(wanted())].toSorted()) === JSON.stringify([...byName(reader.blobs.values())].toSorted()) &&
        JSON.stringify([all, chosen]) === JSON.stringify([whole, counted])
      );
    },
    state: () => ({ bookmark: reader.bookmark, held: [...reader.blobs.keys()].toSorted() }),
    wantedState: () => [...byName(wanted()).keys()].toSorted(),
  };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}

/** Events after which a reader that nobody disturbs any more is current. */
const enough = 2000;

test("whatever happens in whatever order, a reader's set is the table's, and its counts are exact at every bookmark", async () => {
  const before = fc.array(step, { maxLength: 30 });
  const steps = fc.array(step, { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(query, before, steps, async (asked, earlier, later) => {
      const model = openModel(asked, earlier);
      try {
        for (const each of later) {
          model.apply(each);
          const times = each.do === "read" ? (each as { times: number }).times : 0;
          for (let time = 0; time < times; time += 1) await model.read();
        }
        model.table.tell();
        for (let events = 0; events < enough && !model.isCurrent(); events += 1) await model.read();
        expect(model.wrong).toEqual([]);
        expect({ ...model.state(), current: model.isCurrent() }).toMatchObject({
          held: model.wantedState(),
          current: true,
        });
      } finally {
        model.left.abort();
      }
      await expect.poll(() => [model.table.openViews, model.table.feed.watched]).toEqual([0, false]);
    }),
    { numRuns: 1500 },
  );
}, 60_000);
