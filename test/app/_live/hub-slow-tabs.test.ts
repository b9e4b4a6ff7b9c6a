import { expect, onTestFinished, test } from "vitest";
import type { FromHub } from "../../../app/_live/hub-messages.ts";
import type { LiveEvent, ToldEvent } from "../../../app/_live/live-event.ts";
import { fromSent } from "../../../app/_live/sent-events.ts";
import { begin, blobs, blobsOf, everywhere, follow, ingests, ingestsOf, live, openHub, waiting } from "./opened-hub.ts";
import { blobOf, bookmark, endOf, ingestOf } from "./rows.ts";

test("of a key that changes while a tab is busy it is told the last value only", async () => {
  const { server, openTab, until } = openHub();
  const { port } = openTab();
  const batches: (readonly ToldEvent[])[] = [];
  port.onmessage = ({ data }: MessageEvent<FromHub>) =>
    data.kind === "events" && batches.push(data.events.map(fromSent));
  port.postMessage({ kind: "open", id: 1, question: { of: "ingests" } });
  await until(() => server.opened.length === 1);
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
  await until(() => quick.kinds().includes("bookmark"));
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
  // On a busy machine it may be taken to be asleep once more before it has heard of the set.
  const told = new Set(server.opened);
  await until(() => {
    for (const stream of server.opened) {
      if (!told.has(stream)) stream.send(live, begin, blobs("b"), bookmark(1));
      told.add(stream);
    }
    return asleep.kinds().filter((kind) => kind === "bookmark").length > 1;
  });
  expect(asleep.events).toContainEqual(blobs("b"));
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
