import { once } from "node:events";
import { expect, test } from "vitest";
import { ticking } from "../../../server/compare/ticking.ts";

test("how far it is comes now and then, and at last what came of it", async () => {
  const work = Promise.withResolvers<string>();
  const ticks = ticking(
    () => work.promise,
    () => "under way",
    new AbortController().signal,
  );
  expect(await ticks.next()).toEqual({ done: false, value: "under way" });
  const last = ticks.next();
  work.resolve("done");
  expect(await last).toEqual({ done: true, value: "done" });
});

test("whoever leaves ends the work, and waits until it has let go", async () => {
  let isLetGo = false;
  const work = async (signal: AbortSignal): Promise<void> => {
    await once(signal, "abort");
    isLetGo = true;
  };
  for await (const tick of ticking(work, () => "under way", new AbortController().signal)) {
    expect(tick).toBe("under way");
    break;
  }
  expect(isLetGo).toBe(true);
});

test("what the work throws is thrown, also once it was given up", async () => {
  const ended = new AbortController();
  const work = async (signal: AbortSignal): Promise<void> => {
    await once(signal, "abort");
    throw new Error("given up");
  };
  const ticks = ticking(work, () => "under way", ended.signal);
  await ticks.next();
  const last = ticks.next();
  ended.abort();
  await expect(last).rejects.toThrow("given up");
});
