import { expect, onTestFinished, test } from "vitest";
import { spacedIngests, spacingOf } from "../../../app/_live/spaced-ingests.ts";
import type { IngestEvent } from "../../../content/remote/events.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { createTestServer } from "./hub-link.ts";
import { bookmark, ingestOf } from "./rows.ts";

test("the more rows there are, the more seldom each of them is told", () => {
  expect(spacingOf(500, 250)).toBe(250);
  expect(spacingOf(501, 250)).toBe(500);
  expect(spacingOf(1000, 500)).toBe(500);
  expect(spacingOf(1001, 500)).toBe(1000);
});

test("a set that becomes a little smaller keeps its spacing", () => {
  expect(spacingOf(990, 1000)).toBe(1000);
  expect(spacingOf(800, 1000)).toBe(500);
  expect(spacingOf(450, 500)).toBe(500);
  expect(spacingOf(400, 500)).toBe(250);
});

test("a set that turns out to be large is asked for again with another spacing, and what was told stays told", async () => {
  const server = createTestServer();
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const events: IngestEvent[] = [];
  const read = async () => {
    for await (const event of spacedIngests(server, {}, over.signal)) events.push(event);
  };
  void read();
  await waitUntil(() => server.opened.length === 1);
  server.opened[0]?.send({ kind: "ingests", ingests: [ingestOf("a")] }, bookmark(1200));
  await waitUntil(() => server.opened.length === 2);
  expect(server.opened[0]?.signal.aborted).toBe(true);
  expect(server.opened.map(({ minIntervalMs }) => minIntervalMs)).toEqual([250, 1000]);
  server.opened[1]?.send(bookmark(1200));
  await waitUntil(() => events.length === 3);
  expect(events.map(({ kind }) => kind)).toEqual(["ingests", "bookmark", "bookmark"]);
  expect(server.opened).toHaveLength(2);
});
