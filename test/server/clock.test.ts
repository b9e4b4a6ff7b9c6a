import { expect, test } from "vitest";
import { microsOf } from "../../content/instant.ts";
import { now } from "../../server/clock.ts";

test("the clock is the wall clock's, finer than a millisecond, and does not stand still", () => {
  const fractions = new Set<number>();
  for (let round = 0; round < 5000; round += 1) {
    const before = Date.now();
    const micros = microsOf(now());
    const after = Date.now();
    expect(micros).toBeGreaterThanOrEqual(before * 1000);
    expect(micros).toBeLessThan((after + 1) * 1000);
    fractions.add(micros % 1000);
  }
  expect(fractions.size).toBeGreaterThan(10);
});
