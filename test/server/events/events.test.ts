import { describe, expect, onTestFinished, test } from "vitest";
import type { Digest } from "../../../content/digest.ts";
import { compileFilters } from "../../../content/filters.ts";
import { eventAdaptor } from "../../../server/events/adaptor.ts";
import type { Event } from "../../../server/events/event.ts";
import type { Events } from "../../../server/events/events.ts";
import { createEvents } from "../../../server/events/events.ts";
import { eventsOfFeed } from "../../../server/events/feed-events.ts";
import { openMetadata } from "../../../server/metadata/sqlite.ts";
import { createMemoryStore } from "../../../server/stores/memory/store.ts";
import { createLog } from "../../support/log.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { putBlob, sha256 } from "../services/calls.ts";

const digest = `sha256:${"0".repeat(64)}` as Digest;
const label = { name: "n", labels: { "io.x/y.z": "1", a: "b" } };

function open(limits?: { readonly events: number; readonly bytes: number }) {
  const stop = new AbortController();
  return { stop, events: createEvents({ stopping: stop.signal, ...(limits && { limits }) }) };
}

/** The next so many events of a subscription. */
async function take(subscription: AsyncIterable<Event>, count: number): Promise<Event[]> {
  const taken: Event[] = [];
  for await (const event of subscription) {
    taken.push(event);
    if (taken.length === count) break;
  }
  return taken;
}

function subscribe(events: Events, ...filters: readonly string[]) {
  const passes = compileFilters(filters);
  const subscription = events.subscribe((event) => passes(eventAdaptor(event)));
  onTestFinished(() => subscription[Symbol.dispose]());
  return subscription;
}

const foreign = (topic: string, bytes = 1): Event & { kind: "foreign" } => ({
  kind: "foreign",
  timestamp: new Date(5),
  namespace: "n",
  topic,
  message: { typeUrl: "some.Type", value: new Uint8Array(bytes) },
});

describe("a subscriber", () => {
  test("hears of what is published from then on, in order, with where and when it was", async () => {
    const { events } = open();
    events.publish("n", "/namespaces/create", label);
    const subscription = subscribe(events);
    events.publish("n", "/content/create", { digest, size: 3 });
    events.forward(foreign("/mine"));
    events.publish("m", "/content/delete", { digest });
    const heard = await take(subscription, 3);
    expect(heard.map(({ namespace, topic }) => [namespace, topic])).toEqual([
      ["n", "/content/create"],
      ["n", "/mine"],
      ["m", "/content/delete"],
    ]);
    expect(heard[0]).toMatchObject({ kind: "own", message: { digest, size: 3 } });
    expect(Math.abs(Date.now() - Number(heard[0]?.timestamp))).toBeLessThan(60_000);
  });

  test.for<[filter: string, topics: readonly string[]]>([
    ['topic=="/images/create"', ["/images/create"]],
    ['topic~="^/images/"', ["/images/create", "/images/delete"]],
    ["namespace==m", ["/content/delete"]],
    [`event.digest=="${digest}"`, ["/content/create", "/content/delete"]],
    ["event.size==3", ["/content/create"]],
    ['event.labels."io.x/y.z"==1', ["/images/create"]],
    ["event.labels.none==1", []],
    ["event.labels", []],
    ["timestamp", []],
    ['topic=="/mine",namespace==n', ["/mine"]],
    ["event.value", []],
  ])("with the filter %s hears only of what passes", async ([filter, topics]) => {
    const { events, stop } = open();
    const subscription = subscribe(events, filter, 'topic=="/last"');
    events.publish("n", "/content/create", { digest, size: 3 });
    events.publish("m", "/content/delete", { digest });
    events.publish("n", "/images/create", label);
    events.publish("n", "/images/delete", { name: "n" });
    events.forward(foreign("/mine"));
    events.forward(foreign("/last"));
    expect((await take(subscription, topics.length + 1)).map(({ topic }) => topic)).toEqual([...topics, "/last"]);
    stop.abort();
  });

  test("that falls too far behind is told so in place of the next event, and others go on", async () => {
    const { events } = open({ events: 3, bytes: 1000 });
    const slow = subscribe(events);
    const quick = subscribe(events, 'topic=="/last"');
    for (let count = 0; count < 4; count += 1) events.publish("n", "/content/delete", { digest });
    events.forward(foreign("/last"));
    await expect(take(slow, 1)).rejects.toMatchObject({ kind: "resource-exhausted" });
    expect(await take(quick, 1)).toHaveLength(1);
  });

  test("may have only so many bytes of clients' messages waiting", async () => {
    const { events } = open({ events: 100, bytes: 1000 });
    const subscription = subscribe(events);
    events.forward(foreign("/one", 900));
    expect(await take(subscription, 1)).toHaveLength(1);
    const again = subscribe(events);
    events.forward(foreign("/one", 900));
    events.forward(foreign("/two", 101));
    await expect(take(again, 1)).rejects.toMatchObject({ kind: "resource-exhausted" });
  });

  test("hears of the server's stop, also one that comes after it", async () => {
    const { events, stop } = open();
    const subscription = subscribe(events);
    const waiting = take(subscription, 1);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ kind: "unavailable" });
    await expect(take(subscribe(events), 1)).rejects.toMatchObject({ kind: "unavailable" });
  });

  test("that is disposed of while it waits ends", async () => {
    const { events } = open();
    const subscription = subscribe(events);
    const waiting = take(subscription, 1);
    subscription[Symbol.dispose]();
    expect(await waiting).toEqual([]);
    events.publish("n", "/content/delete", { digest });
  });
});

test("a source runs exactly while anybody subscribes", () => {
  const { events } = open();
  const steps: string[] = [];
  events.addSource(() => {
    steps.push("on");
    return () => steps.push("off");
  });
  expect(steps).toEqual([]);
  const first = subscribe(events);
  const second = subscribe(events);
  first[Symbol.dispose]();
  expect(steps).toEqual(["on"]);
  second[Symbol.dispose]();
  second[Symbol.dispose]();
  expect(steps).toEqual(["on", "off"]);
  subscribe(events);
  expect(steps).toEqual(["on", "off", "on"]);
});

test("what a collection removes is not told", async () => {
  const metadata = await openMetadata({
    root: await makeTempDir(),
    below: createMemoryStore(),
    logger: createLog().logger,
  });
  onTestFinished(() => metadata[Symbol.asyncDispose]());
  const { events } = open();
  events.addSource(eventsOfFeed(metadata.feed));
  await metadata.leases.create("team", "a-lease", {});
  await putBlob(metadata.in({ namespace: "team" }), "abc");
  const subscription = subscribe(events);
  expect(await metadata.collect()).toMatchObject({ blobs: 1 });
  events.forward(foreign("/last"));
  expect((await take(subscription, 1)).map(({ topic }) => topic)).toEqual(["/last"]);
});

test("what a store does is told once it is committed, in order, and labels of blobs are not", async () => {
  const metadata = await openMetadata({
    root: await makeTempDir(),
    below: createMemoryStore(),
    logger: createLog().logger,
  });
  onTestFinished(() => metadata[Symbol.asyncDispose]());
  const { events } = open();
  events.addSource(eventsOfFeed(metadata.feed));
  const subscription = subscribe(events);
  expect(metadata.feed.watched).toBe(true);
  const store = metadata.in({ namespace: "team" });
  const blob = await putBlob(store, "abc");
  await store.update({ digest: blob, labels: { a: "b" } });
  const draft = {
    name: "app:1",
    labels: { a: "b" },
    target: { mediaType: "m", digest: blob, size: 3, annotations: {} },
  };
  await metadata.images.create({ namespace: "team" }, draft);
  await metadata.images.update({ namespace: "team" }, { ...draft, labels: {} }, ["labels"]);
  await metadata.images.delete({ namespace: "team" }, "app:1");
  await store.delete(blob);
  await metadata.namespaces.update("team", { owner: "mei" });
  await metadata.namespaces.delete("team");
  const heard = await take(subscription, 8);
  expect(heard).toMatchObject([
    { namespace: "team", topic: "/namespaces/create", message: { name: "team", labels: {} } },
    { namespace: "team", topic: "/content/create", message: { digest: sha256("abc"), size: 3 } },
    { namespace: "team", topic: "/images/create", message: { name: "app:1", labels: { a: "b" } } },
    { namespace: "team", topic: "/images/update", message: { name: "app:1", labels: {} } },
    { namespace: "team", topic: "/images/delete", message: { name: "app:1" } },
    { namespace: "team", topic: "/content/delete", message: { digest: sha256("abc") } },
    { namespace: "team", topic: "/namespaces/update", message: { name: "team", labels: { owner: "mei" } } },
    { namespace: "team", topic: "/namespaces/delete", message: { name: "team" } },
  ]);
  subscription[Symbol.dispose]();
  expect(metadata.feed.watched).toBe(false);
});
