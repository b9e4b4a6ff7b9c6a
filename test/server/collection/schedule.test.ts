import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import type { Schedule } from "../../../server/collection/schedule.ts";
import { createScheduler } from "../../../server/collection/schedule.ts";
import type { Metadata } from "../../../server/metadata/metadata.ts";
import { held, startLeases } from "../metadata/collection/support.ts";
import { openTestMetadata, put } from "../metadata/support.ts";

/** Nothing begins by itself but for a removal, after a rest as long as the collection was. */
const quiet: Schedule = {
  pauseThreshold: 0.5,
  deletionThreshold: 0,
  mutationThreshold: 0,
  scheduleDelayMs: 0,
  startupDelayMs: 0,
};

/** A scheduler over a metadata with one blob that nothing leads to, in a namespace that is collected. */
async function openScheduler(changes: Partial<Schedule> = {}) {
  const { metadata } = await openTestMetadata();
  await startLeases(metadata);
  await put(metadata, "n", "garbage");
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  const logger = pino({ level: "silent" });
  const schedule = { ...quiet, ...changes };
  const collector = createScheduler({ metadata, schedule, stopping: stopping.signal, logger });
  return { metadata, collector, stopping };
}

/** Make a lease and delete it: two changes, of which one is a removal. */
const removeSomething = (metadata: Metadata): Promise<void> => startLeases(metadata);

const isClean = (metadata: Metadata) => expect.poll(() => held(metadata)).toEqual([]);

test("the first collection comes after the start", async () => {
  const { metadata } = await openScheduler({ startupDelayMs: 1 });
  await isClean(metadata);
});

test("a collection follows a removal, and another one the next", async () => {
  const { metadata } = await openScheduler();
  await removeSomething(metadata);
  await isClean(metadata);
  await put(metadata, "n", "more garbage");
  await removeSomething(metadata);
  await isClean(metadata);
});

test("a collection follows so many changes of any kind", async () => {
  const { metadata } = await openScheduler({ mutationThreshold: 4 });
  // Each is two changes: the ingest ends, and the blob is there.
  await put(metadata, "n", "one");
  expect(await held(metadata)).toHaveLength(2);
  await put(metadata, "n", "two");
  await isClean(metadata);
});

test("what a collection removes calls for none", async () => {
  const { metadata, collector } = await openScheduler({ mutationThreshold: 1 });
  let changes = 0;
  metadata.onMutation(() => (changes += 1));
  await collector.collect();
  expect(await held(metadata)).toEqual([]);
  expect(changes).toBe(0);
});

test("so many removals do not wait for the rest to be over", async () => {
  const { metadata, collector } = await openScheduler({ deletionThreshold: 2, pauseThreshold: 0.000_01 });
  await collector.collect();
  await put(metadata, "n", "more garbage");
  await removeSomething(metadata);
  expect(await held(metadata)).toHaveLength(1);
  await removeSomething(metadata);
  await isClean(metadata);
});

test("whoever asks waits for a collection that begins after the question", async () => {
  const { metadata, collector } = await openScheduler();
  const first = collector.collect();
  const digest = await put(metadata, "n", "written while the first one runs");
  expect(await metadata.in({ namespace: "n" }).info(digest)).toMatchObject({ digest });
  await collector.collect();
  await first;
  expect(await held(metadata)).toEqual([]);
});

test("none begins by itself once the server stops", async () => {
  const { metadata, stopping, collector } = await openScheduler({ scheduleDelayMs: 1 });
  stopping.abort();
  await removeSomething(metadata);
  await put(metadata, "n", "a change after that");
  expect(await held(metadata)).toHaveLength(2);
  await collector.collect();
  expect(await held(metadata)).toEqual([]);
});
