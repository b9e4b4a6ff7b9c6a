import { expect, test } from "vitest";
import { createRefLocks } from "../../../server/stores/ref-locks.ts";
import { failure } from "../../suite/support.ts";

test("a ref is held until it is released, and other refs are free meanwhile", async () => {
  const locks = createRefLocks({ waitMs: 0 });
  const lock = await locks.lock("a");
  await expect(locks.lock("a")).rejects.toEqual(failure("unavailable"));
  (await locks.lock("b")).release();
  lock.release();
  (await locks.lock("a")).release();
});

test("a refusal says since when the ref is locked, and has it as a fact", async () => {
  const locks = createRefLocks({ waitMs: 5 });
  const { since } = await locks.lock("layer");
  const error = await locks.lock("layer").catch((reason: unknown) => reason);
  const time = since
    .toISOString()
    .replace("T", " ")
    .replace(/\.?0*Z$/, "");
  expect(error).toMatchObject({
    message: expect.stringMatching(/^ref layer locked for \d[\d.]*m?s \(since /),
    facts: { locked: { ref: "layer", since, holder: "" } },
  });
  expect(error).toMatchObject({ message: expect.stringContaining(`(since ${time} +0000 UTC)`) });
});

test("whoever waits is woken by the release, the longest first, long before its wait is over", async () => {
  const locks = createRefLocks({ waitMs: 60_000 });
  const first = await locks.lock("a");
  const order: number[] = [];
  const waiting = [1, 2, 3].map(async (at) => {
    const lock = await locks.lock("a");
    order.push(at);
    lock.release();
  });
  first.release();
  await Promise.all(waiting);
  expect(order).toEqual([1, 2, 3]);
});

test("whoever has less time than others waits for that long", async () => {
  const locks = createRefLocks({ waitMs: 60_000 });
  const lock = await locks.lock("a", undefined, 0);
  await expect(locks.lock("a", undefined, 0)).rejects.toEqual(failure("unavailable"));
  await expect(locks.lock("a", undefined, 5)).rejects.toEqual(failure("unavailable"));
  const waiting = locks.lock("a", undefined, 60_000);
  lock.release();
  (await waiting).release();
  (await locks.lock("a", undefined, 0)).release();
});

test("a late release, or a second one, lets nobody into what somebody else holds", async () => {
  const locks = createRefLocks({ waitMs: 0 });
  const first = await locks.lock("a");
  first.release();
  const second = await locks.lock("a");
  first.release();
  await expect(locks.lock("a")).rejects.toEqual(failure("unavailable"));
  second.release();
  second.release();
  await locks.lock("a");
});

test("who gave up waiting is not given the lock", async () => {
  const locks = createRefLocks({ waitMs: 60_000 });
  const first = await locks.lock("a");
  const controller = new AbortController();
  const cancelled = locks.lock("a", controller.signal);
  const patient = locks.lock("a");
  controller.abort();
  await expect(cancelled).rejects.toEqual(failure("cancelled"));
  first.release();
  (await patient).release();
  (await locks.lock("a")).release();
});

test("a lock that is passed on is held since then", async () => {
  const locks = createRefLocks({ waitMs: 60_000 });
  const first = await locks.lock("a");
  const next = locks.lock("a");
  await expect.poll(() => Date.now()).toBeGreaterThan(first.since.getTime());
  first.release();
  expect((await next).since.getTime()).toBeGreaterThan(first.since.getTime());
});
