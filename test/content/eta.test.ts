import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Sample } from "../../content/eta.ts";
import { addSample, etaOf, meanRate, rateLimits, rateOf } from "../../content/eta.ts";

const startMs = Date.parse("2026-01-02T03:04:05Z");

/** One sample a second from `offsets`. */
function everySecond(...offsets: readonly number[]): readonly Sample[] {
  return offsets.map((offset, second) => ({ atMs: startMs + second * 1000, offset }));
}

const steady = (rate: number, seconds: number) =>
  everySecond(...Array.from({ length: seconds + 1 }, (_, second) => rate * second));

describe("the rate", () => {
  test("is not told before bytes came for 3 s", () => {
    expect(rateOf([])).toBeUndefined();
    expect(rateOf(steady(100, 2))).toBeUndefined();
    expect(rateOf(steady(100, 3))).toBeCloseTo(100);
  });
  test("of a steady stream is its rate", () => {
    expect(rateOf(steady(2_000_000, 60))).toBeCloseTo(2_000_000);
  });
  test("is half way to a new rate after a half-life", () => {
    const samples = [...steady(100, 60)];
    for (let second = 1; second <= 5; second += 1) {
      samples.push({ atMs: startMs + (60 + second) * 1000, offset: 6000 + 300 * second });
    }
    expect(rateOf(samples)).toBeGreaterThan(195);
    expect(rateOf(samples)).toBeLessThan(205);
  });
  test("does not depend on how often the same stream is sampled", () => {
    const seldom = steady(100, 60).filter((_, second) => second % 4 === 0);
    expect(rateOf(seldom)).toBeCloseTo(rateOf(steady(100, 60)) ?? 0);
  });
});

describe("the mean of a window", () => {
  test("is not told when the samples do not reach back so far", () => {
    expect(meanRate(steady(100, 59), startMs + 59_000, 60_000)).toBeUndefined();
  });
  test("counts the time since the last sample as time without bytes", () => {
    expect(meanRate(steady(100, 30), startMs + 60_000, 60_000)).toBeCloseTo(50);
  });
});

describe("the time left", () => {
  test("is what is missing at the rate", () => {
    expect(etaOf(steady(100, 10), 2000)).toBeCloseTo(10_000);
  });
  test("is 0 when all bytes are there", () => {
    expect(etaOf(steady(100, 10), 1000)).toBe(0);
  });
  test("is not known without a total, a rate or movement", () => {
    expect(etaOf(steady(100, 10), 0)).toBeUndefined();
    expect(etaOf(steady(100, 1), 1000)).toBeUndefined();
    expect(etaOf(steady(0, 10), 1000)).toBeUndefined();
    expect(etaOf([], 1000)).toBeUndefined();
  });
});

describe("samples", () => {
  const collect = (samples: readonly Sample[]) => samples.reduce<readonly Sample[]>(addSample, []);

  test("begin anew when the ingest was cut back", () => {
    expect(collect(everySecond(0, 100, 200, 0))).toEqual([{ atMs: startMs + 3000, offset: 0 }]);
  });
  test("that are older than the last are left out", () => {
    const samples = everySecond(0, 100);
    expect(addSample(samples, { atMs: startMs, offset: 200 })).toEqual(samples);
  });
  test("reach back a minute, and one sample more", () => {
    const kept = collect(steady(100, 100));
    expect(kept[0]?.atMs).toBe(startMs + 40_000);
    expect(meanRate(kept, startMs + 100_000, rateLimits.keptMs)).toBeCloseTo(100);
  });
  test("stay few and keep the latest, however often they come", () => {
    const steps = fc.array(fc.record({ stepMs: fc.integer({ min: 0, max: 3000 }), bytes: fc.nat(1000) }), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(steps, (all) => {
        let last: Sample = { atMs: startMs, offset: 0 };
        let kept: readonly Sample[] = [last];
        for (const { stepMs, bytes } of all) {
          last = { atMs: last.atMs + stepMs, offset: last.offset + bytes };
          kept = addSample(kept, last);
        }
        expect(kept.at(-1)).toEqual(last);
        expect(kept.length).toBeLessThanOrEqual((2 * rateLimits.keptMs) / rateLimits.spacingMs + 3);
        for (const [index, sample] of kept.entries()) {
          expect(sample.atMs).toBeGreaterThanOrEqual(kept[index - 1]?.atMs ?? 0);
        }
      }),
    );
  });
});
