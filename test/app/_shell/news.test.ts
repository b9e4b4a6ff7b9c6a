import { expect, test } from "vitest";
import type { IngestRow, IngestsView } from "../../../app/_live/ingests.ts";
import { newsBetween } from "../../../app/_shell/news.ts";
import type { IngestState } from "../../../content/ingest-state.ts";
import { ingestOf } from "../_live/rows.ts";

function viewOf(states: Readonly<Record<string, IngestState | "gone">>, isComplete = true): IngestsView {
  const rows = Object.entries(states).map(([ref, state]): IngestRow => {
    const view = { state: state === "gone" ? "active" : state, idleMs: 0 } as const;
    return { key: ref, row: ingestOf(ref), samples: [], view, ...(state === "gone" && { goneAt: 1 }) };
  });
  return { rows, ended: [], isComplete, rates: [] };
}

test("ends and troubles are summed in one sentence", () => {
  const before = viewOf({ a: "active", b: "active", c: "waiting" });
  const sentence = newsBetween(before, viewOf({ a: "gone", b: "gone", c: "stalled" }));
  expect(sentence?.replaceAll("\u00a0", " ")).toBe("2 ingests ended, 1 ingest in trouble");
});

test("what was told is not told again", () => {
  const view = viewOf({ a: "gone", b: "stalled" });
  expect(newsBetween(view, view)).toBeUndefined();
  expect(newsBetween(view, viewOf({ b: "crawling" }))).toBeUndefined();
});

test("bytes that come are no news", () => {
  expect(newsBetween(viewOf({ a: "active" }), viewOf({ a: "waiting", b: "active" }))).toBeUndefined();
});

test("the first set is no news", () => {
  expect(newsBetween(viewOf({}, false), viewOf({ a: "stalled" }))).toBeUndefined();
});
