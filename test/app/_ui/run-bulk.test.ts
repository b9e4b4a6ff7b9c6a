import { expect, test } from "vitest";
import { runBulk } from "../../../app/_ui/list/run-bulk.ts";

const items = Array.from({ length: 20 }, (_, index) => index);
const unheard = { onProgress: () => undefined, signal: new AbortController().signal };

test("each item is done once, a few at once, and failures do not keep the others", async () => {
  let atOnce = 0;
  let most = 0;
  const done: number[] = [];
  const result = await runBulk(items, {
    ...unheard,
    atOnce: 4,
    async act(item) {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await Promise.resolve();
      atOnce -= 1;
      if (item === 7) throw new Error("refused");
      done.push(item);
      return item === 3 ? "already" : "done";
    },
  });
  expect(most).toBe(4);
  expect(done.toSorted((a, b) => a - b)).toEqual(items.filter((item) => item !== 7));
  expect(result).toMatchObject({ done: 18, already: 1, left: 0, failed: [{ item: 7 }] });
});

test("once it is stopped no further one is begun", async () => {
  const end = new AbortController();
  const result = await runBulk(items, {
    ...unheard,
    signal: end.signal,
    atOnce: 1,
    async act(item) {
      if (item === 4) end.abort();
      return "done";
    },
  });
  expect(result).toMatchObject({ done: 5, left: 15 });
});
