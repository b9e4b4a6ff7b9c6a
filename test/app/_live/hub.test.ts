import { expect, test } from "vitest";
import { ContentError } from "../../../content/errors.ts";
import { microsOf, toMoment } from "../../../content/instant.ts";
import type { Ask } from "./opened-hub.ts";
import { begin, blobs, blobsOf, everywhere, follow, ingests, limits, live, openHub, waiting } from "./opened-hub.ts";
import { blobOf, bookmark } from "./rows.ts";

test("tabs that want the same set share one stream, and each is told everything", async () => {
  const { server, openTab, until } = openHub();
  const follows = [openTab(), openTab(), openTab()].map(({ client }) => follow(client, blobsOf()));
  await until(() => server.opened.length > 0);
  server.opened[0]?.send(live, begin, blobs("a", "b"), bookmark(2));
  for (const { kinds } of follows) await until(() => kinds().includes("bookmark"));
  expect(server.opened).toHaveLength(1);
  for (const { events } of follows) expect(events.find(({ kind }) => kind === "blobs")).toEqual(blobs("a", "b"));
});

test("tabs of two stores share nothing, also what they expect", async () => {
  const { server, openTab, until } = openHub();
  const of =
    (store: string): Ask =>
    (client, signal) =>
      client.blobs({ selection: everywhere, limit: 7, store }, signal);
  const { client } = openTab();
  client.expect({ of: "blobs", selection: everywhere, limit: 7, store: "archive" });
  const [local, archive] = [follow(openTab().client, of("")), follow(client, of("archive"))];
  await until(() => server.opened.length === 2);
  const opened = (store: string) => server.opened.find((stream) => stream.store === store);
  opened("")?.send(begin, blobs("a"));
  opened("archive")?.send(begin, blobs("b"));
  await until(() => local.events.length > 1 && archive.events.length > 1);
  expect(local.events[1]).toEqual(blobs("a"));
  expect(archive.events[1]).toEqual(blobs("b"));
});

test("ingests of more stores than there are streams for are looked at", async () => {
  const { server, openTab, until } = openHub({ ingestStreams: 1 });
  const of =
    (store: string): Ask =>
    (client, signal) =>
      client.ingests({ selection: everywhere, store }, signal);
  const first = follow(openTab().client, of(""));
  await until(() => server.opened.length === 1);
  const second = follow(openTab().client, of("archive"));
  await until(() => server.opened.length === 2);
  server.opened[1]?.send(begin, ingests("b"), bookmark(1));
  await until(() => second.events.length > 2);
  expect(second.events[0]).toMatchObject({ kind: "begin", source: "polled" });
  first.leave();
  await until(() => server.running().some(({ store }) => store === "archive"));
});

test("beyond two streams of blobs a set is looked at now and then, until a stream is free", async () => {
  const { server, openTab, until } = openHub();
  const { client } = openTab();
  const first = follow(client, blobsOf({ namespaces: ["one"] }));
  follow(client, blobsOf({ namespaces: ["two"] }));
  const third = follow(client, blobsOf({ namespaces: ["three"] }));
  const ofThird = () => server.opened.filter(({ selection }) => selection?.namespaces?.[0] === "three");
  await until(() => ofThird().length === 1);
  for (const at of [0, 1]) {
    await until(() => ofThird().length > at);
    const look = ofThird()[at];
    look?.send({ ...live, state: "connecting", attempt: 1 }, live, begin, blobs("a"), bookmark(1));
    await until(() => look?.signal.aborted ?? false);
  }
  await until(() => third.kinds().filter((kind) => kind === "begin").length >= 2);
  expect(third.events).toContainEqual({ ...begin, source: "polled", heartbeatMs: limits.lookMs });
  expect(third.events.filter((event) => event.kind === "connection" && event.state !== "live")).toHaveLength(0);

  first.leave();
  const looks = ofThird().length;
  await until(() => ofThird().length > looks);
  ofThird().at(-1)?.send(live, begin, blobs("b"), bookmark(1));
  await until(() => third.events.some((event) => event.kind === "begin" && event.source === "stream"));
  expect(server.running()).toHaveLength(2);
});

test("times of blobs reach a tab to the microsecond, as the server orders by them", async () => {
  const { server, openTab, until } = openHub();
  const tab = follow(openTab().client, blobsOf());
  await until(() => server.opened.length > 0);
  const createdAt = toMoment(1_800_000_000_000_123);
  server.opened[0]?.send(begin, { kind: "blobs", blobs: [blobOf("a", { createdAt })] });
  await until(() => tab.events.length > 1);
  const [, told] = tab.events;
  expect(
    told?.kind === "blobs" && told.blobs.map(({ info }) => [microsOf(info.createdAt), microsOf(info.updatedAt)]),
  ).toEqual([[1_800_000_000_000_123, 1_800_000_000_000_123]]);
});

test("a set that is expected is asked for before anybody follows it, once, and its rows are there at once", async () => {
  const { server, openTab, until } = openHub();
  const { client } = openTab();
  client.expect({ of: "blobs", selection: everywhere, limit: 7 });
  await until(() => server.opened.length === 1);
  server.opened[0]?.send(begin, blobs("a", "b"));
  const tab = follow(client, blobsOf(everywhere, 7));
  await until(() => tab.events.length > 1);
  expect(tab.kinds()).toEqual(["begin", "blobs"]);
  expect(tab.events[1]).toEqual(blobs("a", "b"));
  expect(server.opened).toHaveLength(1);
  tab.leave();
  await until(() => server.running().length === 0);
});

test("a refusal reaches all who asked, with its kind and facts, and asking again opens a stream again", async () => {
  const { server, openTab, until } = openHub();
  const tabs = [openTab(), openTab()];
  const follows = tabs.map(({ client }) => follow(client, blobsOf()));
  await until(() => server.opened.length === 1);
  server.opened[0]?.send(live, begin, bookmark(0));
  for (const { events } of follows) await until(() => events.length > 0);
  server.opened[0]?.fail(new ContentError("invalid-argument", "bad filter", { query: { column: 3, length: 2 } }));
  for (const { error } of follows) await until(() => error() !== undefined);
  for (const { error } of follows) {
    expect(error()).toBeInstanceOf(ContentError);
    expect(error()).toMatchObject({ kind: "invalid-argument", message: "bad filter", facts: { query: { column: 3 } } });
  }
  const again = follow((tabs[0] ?? openTab()).client, blobsOf());
  await until(() => server.opened.length === 2);
  server.opened[1]?.send(begin, bookmark(0));
  await until(() => again.kinds().includes("bookmark"));
});

test("every tab hears of a connection that was lost and is live again, also one that follows nothing", async () => {
  const { server, openTab, until } = openHub();
  const [follower, idle] = [openTab(), openTab()];
  follow(follower.client, blobsOf());
  await until(() => server.opened.length === 1);
  server.opened[0]?.send({ ...live, state: "connecting", attempt: 1 }, live, begin, bookmark(0), waiting, live);
  await until(() => idle.reconnections() === 1 && follower.reconnections() === 1);
});

test("a wish to try now reaches the streams", async () => {
  const { server, openTab, until } = openHub();
  openTab().say({ kind: "retry" });
  await until(() => server.retries === 1);
});
