import { expect, test } from "vitest";
import type { LiveEvent } from "../../../app/_live/live-event.ts";
import { begin, blobs, blobsOf, follow, ingests, ingestsOf, live, openHub, waiting } from "./opened-hub.ts";
import { bookmark, endOf, ingestOf } from "./rows.ts";

test("a tab that joins late is told the set as it is, each row once, then what changes", async () => {
  const { server, openTab, until } = openHub();
  const first = follow(openTab().client, ingestsOf());
  await until(() => server.opened.length > 0);
  const [stream] = server.opened;
  stream?.send(live, begin, ingests("a", "b"), bookmark(2), ingests("b", "c"));
  stream?.send({ kind: "ended", ended: endOf("a") }, { kind: "ingests", ingests: [ingestOf("c", 500), ingestOf("e")] });
  stream?.send({ kind: "left", namespace: "default", ref: "e" });
  // What comes and goes between two of its frames it is not told of.
  const has = (ref: string, offset: number) => (event: LiveEvent) =>
    event.kind === "ingests" && event.ingests.some(({ status }) => status.ref === ref && status.offset === offset);
  await until(() => first.kinds().includes("ended") && first.events.some(has("c", 500)));

  const late = follow(openTab().client, ingestsOf());
  await until(() => late.events.length > 0);
  expect(late.kinds()).toEqual(["begin", "ingests", "bookmark", "connection"]);
  expect(late.events[1]).toEqual({ kind: "ingests", ingests: [ingestOf("b"), ingestOf("c", 500)] });
  expect(late.events[2]).toMatchObject({ complete: true });
  stream?.send(ingests("d"));
  await until(() => late.events.length === 5);
  expect(late.events[4]).toEqual(ingests("d"));
});

test("a tab that joins while the set is told is not told that it is whole", async () => {
  const { server, openTab, until } = openHub();
  const first = follow(openTab().client, blobsOf());
  await until(() => server.opened.length > 0);
  server.opened[0]?.send(live, begin, blobs("a", "b"), bookmark(2), begin, blobs("a"));
  await until(() => first.kinds().filter((kind) => kind === "begin").length > 0 && first.kinds().at(-1) === "blobs");
  const late = follow(openTab().client, blobsOf());
  await until(() => late.events.length > 0);
  expect(late.kinds()).toEqual(["begin", "blobs", "connection"]);
  expect(late.events[1]).toEqual(blobs("a"));
});

test("what was told before a tab joined says when that was", async () => {
  const { server, openTab, until } = openHub();
  const first = follow(openTab().client, blobsOf());
  await until(() => server.opened.length > 0);
  const before = Date.now();
  server.opened[0]?.send(live, begin, bookmark(0));
  await until(() => first.kinds().includes("bookmark"));
  const heardBy = Date.now();
  const late = follow(openTab().client, blobsOf());
  await until(() => late.events.length > 0);
  const heard = late.events.map((event) => ("heardAt" in event ? Number(event.heardAt) : 0));
  for (const at of heard) {
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(heardBy);
  }
});

test("a set that is told again after a loss says that the connection is live", async () => {
  const { server, openTab, until } = openHub({ frameMs: 50 });
  const own = follow(openTab().client, blobsOf());
  await until(() => server.opened.length > 0);
  server.opened[0]?.send(live, begin, blobs("a"), bookmark(1), waiting);
  await until(() => own.kinds().includes("bookmark"));
  server.opened[0]?.send(live, begin, blobs("b"), bookmark(1));
  await until(() => own.events.some((event) => event.kind === "blobs" && event.blobs[0]?.info.digest.includes(":b")));
  expect(own.events.findLast(({ kind }) => kind === "connection")).toMatchObject({ state: "live" });
});

test("a tab that leaves lets the others be, and the last one ends the stream", async () => {
  const { server, openTab, until } = openHub();
  const [first, second] = [openTab(), openTab()].map(({ client }) => follow(client, blobsOf()));
  await until(() => server.opened.length > 0);
  server.opened[0]?.send(live, begin, bookmark(0));
  await until(() => second?.kinds().includes("bookmark") ?? false);
  first?.leave();
  server.opened[0]?.send(blobs("a"));
  await until(() => second?.kinds().includes("blobs") ?? false);
  expect(server.running()).toHaveLength(1);
  second?.leave();
  await until(() => server.running().length === 0);
});

test("a tab that says goodbye leaves all its sets, and has them again when it is back", async () => {
  const { server, openTab, until } = openHub();
  const { client, say } = openTab();
  const own = [follow(client, blobsOf()), follow(client, ingestsOf())];
  await until(() => server.running().length === 2);
  say({ kind: "bye" });
  await until(() => server.running().length === 0);
  client.reopen();
  await until(() => server.running().length === 2);
  for (const stream of server.running()) stream.send(begin, bookmark(0));
  for (const { kinds } of own) await until(() => kinds().includes("bookmark"));
});
