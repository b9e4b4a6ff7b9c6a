import { expect, onTestFinished, test, vi } from "vitest";
import type { MirrorSource } from "../../../server/mirror/source.ts";
import { openTestMetadata, put } from "../metadata/support.ts";
import { follow, openTestMirror, quick, sourceOver } from "./support.ts";

/** All that was asked of a source. */
const asked = (source: ReturnType<typeof sourceOver>) =>
  [...source.behaviour.calls.values()].reduce((sum, count) => sum + count, 0);

/** No look comes by itself. */
const slow = { ...quick, leastMs: 60_000, idleMs: 100 };

test("a source is asked nothing while nobody watches, and the first call after that shows what is there by then", async () => {
  const { metadata } = await openTestMetadata();
  await put(metadata, "n", "one");
  const source = sourceOver(metadata);
  const { mirror } = await openTestMirror({ source, timing: slow });
  await mirror.ready();
  await expect.poll(() => mirror.state).toMatchObject({ state: "live", isWatched: false });
  expect(mirror.state).not.toHaveProperty("everyMs");
  const before = asked(source);
  await put(metadata, "n", "two");
  source.behaviour.hint();
  onTestFinished(() => void vi.useRealTimers());
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  vi.useRealTimers();
  expect(asked(source)).toBe(before);

  expect(await Array.fromAsync(mirror.in({ namespace: "n" }).walk())).toHaveLength(2);
  // A busy machine may take longer for a look than a call counts as watching.
  follow(mirror);
  await expect.poll(() => mirror.state).toMatchObject({ isWatched: true, everyMs: 60_000 });
});

test("the first call after a pause does not wait long for a source that takes its time", async () => {
  const { metadata } = await openTestMetadata();
  await put(metadata, "n", "one");
  const source = sourceOver(metadata);
  const { mirror } = await openTestMirror({ source, timing: { ...slow, freshMs: 50 } });
  await mirror.ready();
  await expect.poll(() => mirror.state.isWatched).toBe(false);
  source.behaviour.hangs = true;
  expect(await Array.fromAsync(mirror.in({ namespace: "n" }).walk())).toHaveLength(1);
});

test("whoever follows keeps it looking, and a hint makes it look sooner", async () => {
  const { metadata } = await openTestMetadata();
  const source = sourceOver(metadata);
  const { mirror } = await openTestMirror({ source, timing: slow });
  await mirror.ready();
  const { changes, stop } = follow(mirror);
  const looks = () => source.behaviour.calls.get("listStatuses") ?? 0;
  await put(metadata, "n", "one");
  await expect
    .poll(() => {
      source.behaviour.hint();
      // A look may be in time to see it written.
      return changes.map(({ kind }) => kind).filter((kind) => kind !== "ingest");
    })
    .toEqual(["namespace", "blob"]);
  const before = looks();
  await expect.poll(looks).toBeGreaterThan(before + 2);
  stop();
  await expect.poll(() => mirror.state.isWatched).toBe(false);
});

test("a source is listened to no more once a look ends after the last who watched", async () => {
  const { metadata } = await openTestMetadata();
  const source = sourceOver(metadata);
  let listeners = 0;
  let held: PromiseWithResolvers<void> | undefined;
  let isHeld = false;
  const listened: MirrorSource = {
    ...source,
    async namespaces(signal) {
      isHeld = held !== undefined;
      await held?.promise;
      return await source.namespaces(signal);
    },
    async *hints(signal) {
      listeners += 1;
      yield* source.hints?.(signal) ?? [];
      listeners -= 1;
    },
  };
  const { mirror } = await openTestMirror({ source: listened, timing: { ...slow, idleMs: 1 } });
  await mirror.ready();
  held = Promise.withResolvers();
  const { stop } = follow(mirror);
  await expect.poll(() => isHeld).toBe(true);
  expect(listeners).toBe(1);
  stop();
  const stoppedMs = performance.now();
  await expect.poll(() => performance.now() - stoppedMs).toBeGreaterThan(1);
  held.resolve();
  await expect.poll(() => listeners).toBe(0);
  expect(mirror.state.isWatched).toBe(false);
});

test("a blob that is asked for by its digest is found before the next look", async () => {
  const { metadata } = await openTestMetadata();
  await put(metadata, "n", "one");
  const { mirror } = await openTestMirror({ source: sourceOver(metadata), timing: { ...slow, idleMs: 60_000 } });
  await mirror.ready();
  const digest = await put(metadata, "n", "two");
  expect(await mirror.in({ namespace: "n" }).info(digest)).toMatchObject({ digest, size: 3 });
});

test("a server that stops looks no more, and ends what is still read", async () => {
  const { metadata } = await openTestMetadata();
  const digest = await put(metadata, "n", "one");
  const source = sourceOver(metadata);
  const { mirror, stop } = await openTestMirror({ source });
  await mirror.ready();
  follow(mirror);
  await using reader = await mirror.in({ namespace: "n" }).readerAt({ digest });
  stop();
  const before = asked(source);
  expect(await Array.fromAsync(reader.read(0), (chunk) => Buffer.from(chunk).toString())).toEqual(["one"]);
  expect(await Array.fromAsync(mirror.in({ namespace: "n" }).walk())).toHaveLength(1);
  expect(asked(source)).toBe(before);
});
