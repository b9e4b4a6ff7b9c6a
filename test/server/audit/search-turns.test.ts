import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createEventReader } from "../../../server/audit/reader.ts";
import { compileEvents } from "../../../server/audit/select.ts";
import { now } from "../../../server/clock.ts";
import type { Connection } from "../../../server/metadata/database/connection.ts";

test("however many search at once, a turn of the event loop is taken up by one of them", async () => {
  let statements = 0;
  const connection = {
    all() {
      statements += 1;
      return [];
    },
    first() {
      statements += 1;
      return { count: 1 };
    },
  } as unknown as Connection;
  const reader = createEventReader(connection);
  const condition = compileEvents({ query: "", namespaces: "*", stores: "*" }, now());
  const range = { first: 1, last: 3000 };
  const searches = Promise.all([
    ...Array.from({ length: 20 }, () => Array.fromAsync(reader.newest(range, condition, 10))),
    ...Array.from({ length: 20 }, () => reader.count(range, condition, 60_000)),
  ]);
  let isOver = false;
  void searches.finally(() => (isOver = true));
  const turns: number[] = [];
  while (!isOver) {
    const before = statements;
    await nextTurn();
    turns.push(statements - before);
  }
  const [, counted] = [await searches, statements];
  expect(counted).toBeGreaterThan(40);
  expect(Math.max(...turns)).toBeLessThanOrEqual(2);
});
