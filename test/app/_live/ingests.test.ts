import { expect, onTestFinished, test } from "vitest";
import { createHeldSet, goneRowMs } from "../../../app/_live/held-set.ts";
import {
  applyIngestEvent,
  createHistory,
  createLiveIngests,
  ingestKey,
  totalRate,
} from "../../../app/_live/ingests.ts";
import type { EndedIngest, Ingest, IngestEvent } from "../../../content/remote/events.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { createTestLink } from "./link.ts";
import { showPage } from "./page.ts";
import { bookmark, endOf, ingestOf, startMs } from "./rows.ts";

showPage();

type SetEvent = Parameters<typeof applyIngestEvent>[2];

const key = ingestKey("default", "r");
const told = (...ingests: readonly Ingest[]): SetEvent => ({ kind: "ingests", ingests });
const ended = (end: EndedIngest): SetEvent => ({ kind: "ended", ended: end });

/** Rows and history after events, each a second after the one before. */
function after(...events: readonly SetEvent[]) {
  const held = createHeldSet<Ingest, EndedIngest>(({ namespace, status }) => ingestKey(namespace, status.ref));
  const history = createHistory();
  for (const [index, event] of events.entries()) applyIngestEvent(held, history, event, startMs + index * 1000);
  return { held, history };
}

test("where an ingest stood is remembered", () => {
  const { history } = after(told(ingestOf("r", 0)), told(ingestOf("r", 10)), told(ingestOf("r", 30)));
  expect(history.samplesOf(key)).toEqual([
    { atMs: startMs, offset: 0 },
    { atMs: startMs + 1000, offset: 10 },
    { atMs: startMs + 2000, offset: 30 },
  ]);
});

test("an ingest that ended stays a row with its end, and then joins the ended ones", () => {
  const { held, history } = after(told(ingestOf("r")), bookmark(1), ended(endOf("r")));
  expect(held.row(key)).toMatchObject({ goneAt: startMs + 2000, end: { outcome: "aborted" } });
  const over = history.takeIn(held.prune(startMs + 2000 + goneRowMs));
  expect(over.map((row) => row.ended.ref)).toEqual(["r"]);
  expect(history.samplesOf(key)).toEqual([]);
});

test("an ingest that leaves the query is no row any more, and has not ended", () => {
  const left: SetEvent = { kind: "left", namespace: "default", ref: "r" };
  const { held, history } = after(told(ingestOf("r")), bookmark(1), left);
  expect(held.rows()).toEqual([]);
  expect(history.takeIn([])).toEqual([]);
});

test("an end of a row that was never shown is among the ended ones at once", () => {
  const { held, history } = after(bookmark(0), ended(endOf("quick", { outcome: "committed" })));
  expect(held.rows()).toEqual([]);
  expect(history.takeIn([])).toMatchObject([{ ended: { ref: "quick", outcome: "committed" } }]);
});

test("a ref that is taken anew begins without a past, and its last end is kept", () => {
  const again = ingestOf("r", 1, { startedAt: new Date(startMs + 3000) });
  const { held, history } = after(told(ingestOf("r", 500)), bookmark(1), ended(endOf("r")), told(again));
  expect(held.row(key)).not.toHaveProperty("goneAt");
  expect(history.samplesOf(key)).toEqual([{ atMs: startMs + 3000, offset: 1 }]);
  expect(history.takeIn([])).toMatchObject([{ ended: { ref: "r", outcome: "aborted" } }]);
});

test("the last end comes first, the same end is told once, and 200 are kept", () => {
  const history = createHistory();
  for (let index = 0; index < 250; index += 1) {
    const endedAt = new Date(startMs + index);
    history.end(endOf(`r${index}`, { endedAt }));
    history.end(endOf(`r${index}`, { endedAt }));
  }
  const over = history.takeIn([]);
  expect(over).toHaveLength(200);
  expect(over[0]?.ended.ref).toBe("r249");
  expect(new Set(over.map((row) => row.key)).size).toBe(200);
});

test("an ingest that is not in the set told anew is gone", () => {
  const { held } = after(told(ingestOf("r"), ingestOf("s")), bookmark(2), begin, told(ingestOf("s")), bookmark(1));
  expect(held.row(key)).toHaveProperty("goneAt");
  expect(held.row(ingestKey("default", "s"))).not.toHaveProperty("goneAt");
});

const begin: SetEvent = { kind: "begin", source: "stream", heartbeatMs: 10_000 };

test("the page's rows have the state that a person sees, and their rates add up without those that ended", async () => {
  const link = createTestLink();
  const live = createLiveIngests(link);
  onTestFinished(live.show(["*"]));
  await waitUntil(() => link.asked.length === 1);
  expect(link.asked[0]).toMatchObject({ selection: { namespaces: ["*"] } });
  const now = new Date();
  const young = { startedAt: now };
  const events: readonly (SetEvent | IngestEvent)[] = [
    begin,
    told(
      ingestOf("a", 10, young),
      ingestOf("b", 10, { ...young, state: "resumable", rateBytesPerSecond: 0 }),
      ingestOf("c", 10, { ...young, state: "stalled", rateBytesPerSecond: 0 }),
      ingestOf("d", 10, young),
    ),
    bookmark(4, { serverTime: now }),
    ended(endOf("d")),
  ];
  link.send(...events);
  await waitUntil(() => live.get().rows.some(({ end }) => end !== undefined));
  expect(live.get().rows.map(({ view }) => view.state)).toEqual(["active", "resumable", "stalled", "active"]);
  expect(live.get().isComplete).toBe(true);
  expect(totalRate(live.get().rows)).toBe(100);
});
