import fc from "fast-check";
import { expect, test } from "vitest";
import { compileIngestSelection } from "../../../server/feed/ingest-selection.ts";
import { openLiveIngests } from "../../../server/feed/live-ingests.ts";
import { streamSet } from "../../../server/feed/live-set.ts";
import { createRateMeter } from "../../../server/feed/rate.ts";
import { createReader, quick } from "./reader.ts";
import { createTable } from "./table.ts";

/** What happens to one of a few ingests, or to the reader. */
type Step = { readonly do: "write" | "end"; readonly number: number } | { readonly do: "read"; readonly times: number };

const number = fc.nat(4);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("write"), number }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("end"), number }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("read"), times: fc.nat(4) }) },
);

/** Turns of the event loop that a read is waited for. */
const patience = 10;

/** Reads after which a reader that nobody disturbs any more is current. */
const enough = 2000;

/** Queries that an ingest comes to meet and ceases to meet, and one that it always does or never. */
const queries = ["", "size:>=8B", "size:<20B", "-state:resumable", "ref:r1"] as const;

/** What those queries mean here, where the offset of a write is its number and every other one lets go of its ref. */
function isAsked(query: string, ref: string, offset: number): boolean {
  if (query === "size:>=8B") return offset >= 8;
  if (query === "size:<20B") return offset < 20;
  if (query === "-state:resumable") return isWriting(offset);
  return query === "" || ref === "r1";
}

function isWriting(offset: number): boolean {
  return offset % 2 === 0;
}

/** Some ingests, each with the numbers of its ends, and a reader of them. */
function openModel(query: string, batchRows: number, pendingKeys: number) {
  const table = createTable();
  const offsets = new Map<string, number>();
  const ends: string[] = [];
  /** Those of ingests that were selected then. One that the reader had is told as well, though it had just ceased to be. */
  const selectedEnds: string[] = [];
  const startedAt = new Date(0);
  const timing = { ...quick, heartbeatMs: 5, batchRows, pendingKeys };
  const left = new AbortController();
  const options = { follow: true, timing, stopping: new AbortController().signal, signal: left.signal };
  const live = { selection: compileIngestSelection({ query }, "a"), minIntervalMs: 2 };
  const meter = createRateMeter(table.feed, timing);
  const reader = createReader(streamSet((wake) => openLiveIngests(table, meter, live, timing, wake), options));
  const miscounts: string[] = [];
  let writes = 0;
  let asked: Promise<void> | undefined;

  async function next(): Promise<void> {
    const event = await reader.next();
    if (event?.kind !== "bookmark" || !event.complete) return;
    const bytes = [...reader.ingests.values()].reduce((sum, { status }) => sum + status.offset, 0);
    const held = { count: reader.ingests.size, bytes };
    if (JSON.stringify(held) !== JSON.stringify(event.selected)) miscounts.push(JSON.stringify([event.selected, held]));
  }

  return {
    table,
    reader,
    miscounts,
    ends,
    selectedEnds,
    write(ref: string) {
      writes += 1;
      offsets.set(ref, writes);
      const status = { ref, offset: writes, total: 0, startedAt, updatedAt: startedAt };
      const lockedAt = isWriting(writes) ? { lockedAt: startedAt } : {};
      table.putIngest({ namespace: "a", status, holder: "", lastError: "", ...lockedAt });
    },
    end(ref: string) {
      const offset = offsets.get(ref);
      if (offset === undefined) return;
      offsets.delete(ref);
      if (isAsked(query, ref, offset)) selectedEnds.push(`${ref} ${ends.length}`);
      ends.push(`${ref} ${ends.length}`);
      table.endIngest("a", ref, { outcome: "aborted", size: ends.length - 1, by: "", endedAt: startedAt });
    },
    async read() {
      asked ??= next().finally(() => {
        asked = undefined;
      });
      const turns = async () => {
        for (let turn = 0; turn < patience; turn += 1) await new Promise(setImmediate);
      };
      await Promise.race([asked, turns()]);
    },
    held: () => new Map([...reader.ingests.values()].map(({ status }) => [status.ref, status.offset])),
    wanted: () => new Map([...offsets].filter(([ref, offset]) => isAsked(query, ref, offset))),
    told: () => reader.ended.map(({ ref, size }) => `${ref} ${size}`),
    [Symbol.dispose]: () => left.abort(),
  };
}

test("whatever happens in whatever order, a reader holds the latest of each ingest and hears of every end, in order", async () => {
  const asked = fc.record({
    query: fc.constantFrom(...queries),
    batchRows: fc.constantFrom(1, 2, 500),
    pendingKeys: fc.constantFrom(3, 1000),
  });
  await fc.assert(
    fc.asyncProperty(asked, fc.array(step, { maxLength: 80 }), async ({ query, batchRows, pendingKeys }, steps) => {
      using model = openModel(query, batchRows, pendingKeys);
      await model.read();
      for (const each of steps) {
        if (each.do === "write") model.write(`r${each.number}`);
        if (each.do === "end") model.end(`r${each.number}`);
        for (let time = 0; each.do === "read" && time < each.times; time += 1) await model.read();
      }
      const sorted = (map: ReadonlyMap<string, number>) => JSON.stringify([...map].toSorted());
      // A reader that fell behind gets the set again, and not what it missed.
      const fellBehind = () => model.reader.kinds.slice(1).includes("begin");
      const isHeard = (end: string) => model.told().includes(end);
      const heardAll = () => fellBehind() || model.selectedEnds.every(isHeard);
      const isCurrent = () => heardAll() && sorted(model.held()) === sorted(model.wanted());
      for (let reads = 0; reads < enough && !isCurrent(); reads += 1) await model.read();
      expect(sorted(model.held())).toBe(sorted(model.wanted()));
      expect(model.miscounts).toEqual([]);
      if (fellBehind()) return;
      expect(model.told()).toEqual(model.ends.filter(isHeard));
      expect(model.selectedEnds.filter((end) => !isHeard(end))).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});
