import { expect, test } from "vitest";
import { ratesOf, sparkPath, sparkShape } from "../../../app/ingests/spark.ts";

const { bars, barMs } = sparkShape;

test("each bar is what came in its five seconds, the latest at the end", () => {
  const samples = Array.from({ length: bars + 1 }, (_, index) => ({ atMs: index * barMs, offset: index * index }));
  expect(ratesOf(samples, bars * barMs)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23]);
});

test("nothing is told of the time before the page looked", () => {
  const rates = ratesOf(
    [
      { atMs: 1000, offset: 50 },
      { atMs: 4000, offset: 80 },
    ],
    5000,
  );
  expect(rates.slice(0, -1).every((rate) => rate === undefined)).toBe(true);
  expect(rates.at(-1)).toBe(30);
});

test("a writer that is silent leaves empty bars, not gaps", () => {
  const samples = [
    { atMs: 0, offset: 0 },
    { atMs: 5000, offset: 80 },
  ];
  expect(ratesOf(samples, 15_000).slice(-3)).toEqual([80, 0, 0]);
});

test("an ingest that was cut back shows no negative bar", () => {
  const samples = [
    { atMs: 0, offset: 500 },
    { atMs: 6000, offset: 3 },
  ];
  expect(ratesOf(samples, 10_000).at(-1)).toBe(0);
});

test("the largest bar fills the box, a known one is seen, an unknown one is not drawn", () => {
  expect(sparkPath([undefined, 0, 5, 10])).toBe("M3 11h2v1h-2zM6 6h2v6h-2zM9 0h2v12h-2z");
  expect(sparkPath([])).toBe("");
});
