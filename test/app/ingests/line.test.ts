import { expect, test } from "vitest";
import type { IngestRow } from "../../../app/_live/ingests.ts";
import { nameOfEnded, nameOfIngest } from "../../../app/ingests/abort.ts";
import { inHeldOrder, isOurs, linesOf, sortable, sortIngests, troubleFirst } from "../../../app/ingests/line.ts";
import type { IngestState } from "../../../content/ingest-state.ts";
import { makeDigest } from "../../../content/parse-digest.ts";
import { endOf, ingestOf, startMs } from "../_live/rows.ts";

function rowOf(ref: string, state: IngestState, { age = 0, offset = 0, rate = 0 } = {}): IngestRow {
  const startedAt = new Date(startMs - age);
  const row = ingestOf(ref, offset, { startedAt, rateBytesPerSecond: rate });
  return { key: ref, row, samples: [], view: { state, idleMs: 0 } };
}

const later = new Date(startMs + 1);

const keysOf = (rows: readonly IngestRow[]) => rows.map(({ key }) => key);

test("trouble comes first, then the oldest", () => {
  const rows = [
    rowOf("young", "active", { age: 1 }),
    rowOf("old", "active", { age: 9 }),
    rowOf("kept", "resumable"),
    rowOf("stuck", "stalled"),
    rowOf("slow", "crawling"),
  ];
  expect(keysOf(sortIngests(rows, [troubleFirst]))).toEqual(["stuck", "slow", "kept", "old", "young"]);
});

test("rows that are equal in the chosen order are in the default one", () => {
  const rows = [
    rowOf("b", "active", { rate: 5 }),
    rowOf("c", "stalled", { rate: 5 }),
    rowOf("a", "active", { rate: 9 }),
  ];
  expect(keysOf(sortIngests(rows, [{ id: "rate", isDescending: true }]))).toEqual(["a", "c", "b"]);
});

test("every column that can be sorted by puts the larger first when it descends", () => {
  const smaller = rowOf("a", "active", { age: 1, offset: 1, rate: 1 });
  const larger = rowOf("b", "stalled", { age: 9, offset: 9, rate: 9 });
  const small = {
    ...smaller,
    row: { ...smaller.row, namespace: "default", holder: "ctr", lockedAt: new Date(startMs) },
    view: { ...smaller.view, etaMs: 1 },
  };
  const large = {
    ...larger,
    row: {
      ...larger.row,
      namespace: "moby",
      holder: "grpc-go",
      lockedAt: new Date(startMs - 1),
      status: { ...larger.row.status, total: 2000, expected: makeDigest("sha256", "b".repeat(64)), updatedAt: later },
    },
  };
  for (const id of sortable.filter((each) => each !== "minute" && each !== "started")) {
    expect(keysOf(sortIngests([small, large], [{ id, isDescending: true }]))).toEqual(["b", "a"]);
    expect(keysOf(sortIngests([large, small], [{ id, isDescending: false }]))).toEqual(["a", "b"]);
  }
});

test("in a held order nothing moves: what is new comes last", () => {
  const rows = [rowOf("new", "stalled"), rowOf("a", "active"), rowOf("b", "stalled")];
  expect(keysOf(inHeldOrder(rows, ["b", "gone", "a"]))).toEqual(["b", "a", "new"]);
});

test("what ended stands below a heading, and an ingest that is asked to end says so", () => {
  const ended = [{ key: "ended x", ended: endOf("x") }];
  const asked = new Set([nameOfIngest(rowOf("b", "active").row)]);
  const lines = linesOf([rowOf("a", "active"), rowOf("b", "active")], { ended }, asked);
  expect(lines.map((line) => (line.kind === "ingest" ? [line.key, line.isAborting] : line.kind))).toEqual([
    ["a", false],
    ["b", true],
    "heading",
    "ended",
  ]);
});

test("without ended ones there is no heading, and a row that is gone is aborting no longer", () => {
  const gone = { ...rowOf("a", "active"), goneAt: startMs };
  const asked = new Set([nameOfIngest(gone.row)]);
  expect(linesOf([gone], { ended: [] }, asked)).toMatchObject([{ kind: "ingest", isAborting: false }]);
});

test("an end is ours when this page asked for that ingest, and not for an earlier one under its ref", () => {
  const mine = endOf("x");
  const asked = new Set([nameOfEnded(mine)]);
  expect(isOurs(mine, asked)).toBe(true);
  expect(isOurs(endOf("x", { outcome: "committed" }), asked)).toBe(false);
  expect(isOurs(endOf("x", { startedAt: later }), asked)).toBe(false);
});
