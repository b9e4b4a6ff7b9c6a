import { expect, test } from "vitest";
import type { IngestRow, IngestsView } from "../../../app/_live/ingests.ts";
import { ingestKey } from "../../../app/_live/keys.ts";
import { addNews, beforeEnds, newsBetween, noNews, wordsOfNews } from "../../../app/_shell/news.ts";
import type { IngestState } from "../../../content/ingest-state.ts";
import { ingestOf } from "../_live/rows.ts";

function viewOf(states: Readonly<Record<string, IngestState | "gone">>, isComplete = true): IngestsView {
  const rows = Object.entries(states).map(([ref, state]): IngestRow => {
    const view = { state: state === "gone" ? "active" : state, idleMs: 0 } as const;
    return {
      key: ingestKey("default", ref),
      row: ingestOf(ref),
      samples: [],
      view,
      ...(state === "gone" && { goneAt: 1 }),
    };
  });
  return { rows, ended: [], isComplete, rates: [] };
}

test("ends and troubles are summed in one sentence", () => {
  const before = viewOf({ a: "active", b: "active", c: "waiting" });
  const news = newsBetween(before, viewOf({ a: "gone", b: "gone", c: "stalled" }));
  expect(wordsOfNews(news)?.replaceAll("\u00a0", " ")).toBe("2 ingests ended, 1 ingest in trouble");
  expect(addNews(news, news)).toEqual({ ended: 4, troubled: 2 });
});

test("what was told is not told again", () => {
  const view = viewOf({ a: "gone", b: "stalled" });
  expect(newsBetween(view, view)).toEqual(noNews);
  expect(newsBetween(view, viewOf({ b: "crawling" }))).toEqual(noNews);
});

test("bytes that come are no news", () => {
  const news = newsBetween(viewOf({ a: "active" }), viewOf({ a: "waiting", b: "active" }));
  expect(wordsOfNews(news)).toBeUndefined();
});

test("the first set is no news", () => {
  expect(newsBetween(viewOf({}, false), viewOf({ a: "stalled" }))).toEqual(noNews);
});

test("what ended before somebody listened is news, also once its row is gone; what was in trouble is none", () => {
  const view = viewOf({ a: "gone", b: "stalled" });
  expect(newsBetween(beforeEnds(view), view)).toEqual({ ended: 1, troubled: 0 });
  const { namespace, status } = ingestOf("a");
  const { ref, startedAt } = status;
  const ended = { namespace, ref, startedAt, endedAt: startedAt, outcome: "committed", size: 0, by: "" } as const;
  const later: IngestsView = { ...viewOf({ b: "stalled" }), ended: [{ key: "1", ended }] };
  expect(newsBetween(beforeEnds(later), later)).toEqual({ ended: 1, troubled: 0 });
  expect(newsBetween(view, later)).toEqual(noNews);
});
