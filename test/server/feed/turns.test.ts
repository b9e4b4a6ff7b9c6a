import { expect, test } from "vitest";
import { nextTurn } from "../../../server/feed/turns.ts";

test("those who wait get their turns in order, and the event loop gets on between two of them", async () => {
  const seen: (number | "loop")[] = [];
  let looking = true;
  const look = () => {
    seen.push("loop");
    if (looking) setImmediate(look);
  };
  setImmediate(look);
  const take = async (number: number) => {
    await nextTurn();
    seen.push(number);
  };
  await Promise.all([1, 2, 3, 4].map(take));
  looking = false;
  expect(seen.filter((each) => each !== "loop")).toEqual([1, 2, 3, 4]);
  for (const [index, each] of seen.entries()) {
    if (each !== "loop" && index > 0) expect(seen[index - 1]).toBe("loop");
  }
});

test("who waits again while others wait comes after them, and who comes later waits for nobody", async () => {
  const seen: string[] = [];
  const first = nextTurn().then(async () => {
    seen.push("a");
    await nextTurn();
    seen.push("a again");
  });
  const second = nextTurn().then(() => seen.push("b"));
  await Promise.all([first, second]);
  expect(seen).toEqual(["a", "b", "a again"]);
  await nextTurn();
});
