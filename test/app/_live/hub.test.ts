import { expect, onTestFinished, test, vi } from "vitest";
import type { HubLimits } from "../../../app/_live/hub.ts";
import { createHub } from "../../../app/_live/hub.ts";
import type { HubClient } from "../../../app/_live/hub-client.ts";
import { createHubClient } from "../../../app/_live/hub-client.ts";
import type { FromHub, ToHub } from "../../../app/_live/hub-messages.ts";
import type { LiveEvent, ToldEvent } from "../../../app/_live/live-event.ts";
import { fromSent } from "../../../app/_live/sent-events.ts";
import { ContentError } from "../../../content/errors.ts";
import { microsOf, toMoment } from "../../../content/instant.ts";
import type { BeginEvent, BlobEvent, ConnectionEvent, IngestEvent } from "../../../content/remote/events.ts";
import { createTestServer } from "./hub-link.ts";
import { blobOf, bookmark, endOf, ingestOf } from "./rows.ts";

const limits: HubLimits = { blobStreams: 2, ingestStreams: 2, lookMs: 20, frameMs: 1, events: 100, patienceMs: 5_000 };
const begin: BeginEvent = { kind: "begin", source: "stream", heartbeatMs: 10_000 };
const live: ConnectionEvent = { kind: "connection", state: "live", attempt: 0 };
const waiting: ConnectionEvent = { kind: "connection", state: "waiting", attempt: 1, reason: "cut" };
const everywhere = { namespaces: ["*"] };
const blobs = (...hexes: readonly string[]): BlobEvent => ({ kind: "blobs", blobs: hexes.map((hex) => blobOf(hex)) });
const ingests = (...refs: readonly string[]): IngestEvent => ({
  kind: "ingests",
  ingests: refs.map((ref) => ingestOf(ref)),
});

/** A hub whose tabs are at the other ends of message channels. */
function openHub(changes: Partial<HubLimits> = {}) {
  const server = createTestServer();
  const hub = createHub(server, { ...limits, ...changes });
  onTestFinished(hub.close);

  function openTab() {
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    const hear = hub.join((message) => port1.postMessage(message));
    port1.onmessage = ({ data }: MessageEvent<ToHub>) => hear(data);
    let reconnections = 0;
    const say = (message: ToHub) => port2.postMessage(message);
    const client = createHubClient(say, () => (reconnections += 1));
    port2.onmessage = ({ data }: MessageEvent<FromHub>) => client.hear(data);
    return { client, say, port: port2, reconnections: () => reconnections };
  }
  return { server, openTab, until: (is: () => boolean) => vi.waitUntil(is, { timeout: 5000 }) };
}

type Ask = (client: HubClient, signal: AbortSignal) => AsyncIterable<LiveEvent>;
const blobsOf =
  (selection = everywhere, limit = 0): Ask =>
  (client, signal) =>
    client.blobs({ selection, limit }, signal);
const ingestsOf =
  (selection = everywhere): Ask =>
  (client, signal) =>
    client.ingests({ selection }, signal);

/** What one tab is told of one set. */
function follow(client: HubClient, ask: Ask) {
  const over = new AbortController();
  const events: LiveEvent[] = [];
  let error: unknown;
  const read = async () => {
    for await (const event of ask(client, over.signal)) events.push(event);
  };
  read().catch((thrown: unknown) => (error = thrown));
  onTestFinished(() => over.abort());
  const kinds = () => events.map(({ kind }) => kind);
  return { events, kinds, error: () => error, leave: () => over.abort() };
}

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

test("a tab that joins late is told the set as it is, each row once, then what changes", async () => {
  const { server, openTab, until } = openHub();
  const first = follow(openTab().client, ingestsOf());
  await until(() => server.opened.length > 0);
  const [stream] = server.opened;
  stream?.send(live, begin, ingests("a", "b"), bookmark(2), ingests("b", "c"));
  stream?.send({ kind: "ended", ended: endOf("a") }, { kind: "ingests", ingests: [ingestOf("c", 500), ingestOf("e")] });
  stream?.send({ kind: "left", namespace: "default", ref: "e" });
  await until(() => first.kinds().includes("ended") && first.kinds().includes("left"));

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

test("of a key that changes while a tab is busy it is told the last value only", async () => {
  const { server, openTab, until } = openHub();
  const { port } = openTab();
  const batches: (readonly ToldEvent[])[] = [];
  port.onmessage = ({ data }: MessageEvent<FromHub>) =>
    data.kind === "events" && batches.push(data.events.map(fromSent));
  port.postMessage({ kind: "open", id: 1, question: { of: "ingests" } });
  const quick = follow(openTab().client, ingestsOf({ namespaces: [] }));
  await until(() => server.opened.length === 2);
  const [stream] = server.opened;
  stream?.send(live, begin, bookmark(0));
  await until(() => batches.length === 1);
  for (let offset = 1; offset <= 50; offset += 1) {
    stream?.send({ kind: "ingests", ingests: [ingestOf("a", offset)] }, { kind: "ended", ended: endOf(`e${offset}`) });
  }
  server.opened[1]?.send(begin, ingests("z"), bookmark(1));
  await until(() => quick.kinds().includes("bookmark"));
  expect(batches).toHaveLength(1);

  port.postMessage({ kind: "took", id: 1 });
  await until(() => batches.length === 2);
  const rows = batches[1]?.filter(({ kind }) => kind === "ingests");
  expect(rows).toEqual([{ kind: "ingests", ingests: [ingestOf("a", 50)] }]);
  expect(batches[1]?.filter(({ kind }) => kind === "ended")).toHaveLength(50);
});

test("a slow tab does not hold up others", async () => {
  const { server, openTab, until } = openHub();
  const slow = openTab();
  slow.port.onmessage = null;
  slow.say({ kind: "open", id: 1, question: { of: "blobs", selection: everywhere } });
  const quick = follow(openTab().client, blobsOf());
  await until(() => server.opened.length === 1);
  server.opened[0]?.send(live, begin, bookmark(0));
  for (const hex of ["a", "b", "c"]) {
    const before = quick.events.length;
    server.opened[0]?.send(blobs(hex));
    await until(() => quick.events.length > before && quick.events.at(-1)?.kind === "blobs");
  }
});

test("a tab that is too far behind is told the whole set instead of all that happened", async () => {
  const { server, openTab, until } = openHub({ events: 5 });
  const { port } = openTab();
  const batches: (readonly ToldEvent[])[] = [];
  port.onmessage = ({ data }: MessageEvent<FromHub>) =>
    data.kind === "events" && batches.push(data.events.map(fromSent));
  port.postMessage({ kind: "open", id: 1, question: { of: "blobs" } });
  await until(() => server.opened.length === 1);
  const [stream] = server.opened;
  stream?.send(live, begin, bookmark(0));
  await until(() => batches.length === 1);
  stream?.send(blobs("1", "2", "3", "4", "5", "6", "7"), bookmark(7));
  stream?.send({ kind: "removed", namespace: "default", digest: blobOf("1").info.digest, leftSelection: false });
  const other = follow(openTab().client, blobsOf());
  await until(() => server.opened.length === 2);
  other.leave();
  port.postMessage({ kind: "took", id: 1 });
  await until(() => batches.length === 2);
  expect(batches[1]?.map(({ kind }) => kind)).toEqual(["begin", "blobs", "bookmark", "connection"]);
  expect(batches[1]?.[1]).toEqual(blobs("2", "3", "4", "5", "6", "7"));
});

test("a tab that takes nothing for too long is given up, and is told the set anew when it is awake again", async () => {
  const { server, openTab, until } = openHub({ patienceMs: 30 });
  const { client, port } = openTab();
  const deliver = port.onmessage;
  const held: MessageEvent[] = [];
  port.onmessage = (message) => void held.push(message);
  const asleep = follow(client, blobsOf());
  await until(() => server.opened.length === 1);
  server.opened[0]?.send(live, begin, blobs("a"), bookmark(1));
  await until(() => held.length > 0);
  await until(() => server.running().length === 0);

  port.onmessage = deliver;
  for (const message of held) deliver?.call(port, message);
  await until(() => server.opened.length === 2);
  server.opened[1]?.send(live, begin, blobs("b"), bookmark(1));
  await until(() => asleep.kinds().filter((kind) => kind === "bookmark").length === 2);
  expect(asleep.events).toContainEqual(blobs("b"));
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

test("a tab that holds still is told how many rows wait and what befalls the connection, and all at once when it goes on", async () => {
  const { server, openTab, until } = openHub();
  const { client } = openTab();
  const events: LiveEvent[] = [];
  let waits = 0;
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const read = async () => {
    for await (const event of client.ingests({}, over.signal, ({ changes }) => (waits += changes))) events.push(event);
  };
  void read();
  await until(() => server.opened.length === 1);
  const [stream] = server.opened;
  stream?.send(live, begin, ingests("a", "b"), bookmark(2));
  await until(() => events.some(({ kind }) => kind === "bookmark"));
  client.hold(true);
  const before = events.length;
  for (let offset = 1; offset <= 50; offset += 1) stream?.send({ kind: "ingests", ingests: [ingestOf("a", offset)] });
  await until(() => waits === 1);
  stream?.send(ingests("c"), waiting);
  await until(() => waits === 2 && events.length > before);
  expect(events.slice(before)).toEqual([waiting]);
  client.hold(false);
  await until(() => events.length > before + 1);
  expect(events.slice(before + 1)).toEqual([{ kind: "ingests", ingests: [ingestOf("a", 50), ingestOf("c")] }]);
});

test("what a tab follows besides is not held back with what it shows", async () => {
  const { server, openTab, until } = openHub();
  const { client } = openTab();
  client.hold(true);
  const found = follow(client, ingestsOf());
  await until(() => server.opened.length === 1);
  server.opened[0]?.send(live, begin, ingests("a"), bookmark(1));
  await until(() => found.kinds().includes("bookmark"));
  expect(found.kinds()).toContain("ingests");
});
