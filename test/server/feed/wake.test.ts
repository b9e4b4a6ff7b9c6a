import { expect, test } from "vitest";
import { createWake } from "../../../server/feed/wake.ts";

const long = 60_000;

test("a waiter is woken", async () => {
  const wake = createWake();
  const waiting = wake.wait(long);
  wake.wake();
  await waiting;
});

test("what happened before the wait wakes it too, once", async () => {
  const wake = createWake();
  wake.wake();
  wake.wake();
  await wake.wait(long);
  let woken = false;
  const second = wake.wait(long).then(() => {
    woken = true;
  });
  await new Promise(setImmediate);
  expect(woken).toBe(false);
  wake.wake();
  await second;
});

test("a waiter goes on once its time is over, and the next wait is as if nothing had been", async () => {
  const wake = createWake();
  await wake.wait(1);
  const waiting = wake.wait(long);
  wake.wake();
  await waiting;
});
