import { describe, expect, test } from "vitest";
import { isKept, median, quantile, tableOf } from "./report.ts";

describe("figures", () => {
  test("the median is the middle value, whatever the order", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([])).toBeNaN();
  });

  test("the share 1 is the largest value", () => {
    const values = Array.from({ length: 1000 }, (_, index) => 999 - index);
    expect([quantile(values, 0.5), quantile(values, 0.99), quantile(values, 1)]).toEqual([500, 990, 999]);
  });

  test("a goal is missed by the median alone", () => {
    expect(isKept({ name: "", unit: "ms", values: [900, 10, 20], atMost: 100 })).toBe(true);
    expect(isKept({ name: "", unit: "ms", values: [900, 900, 20], atMost: 100 })).toBe(false);
    expect(isKept({ name: "", unit: "x", values: [0.5], atLeast: 1 })).toBe(false);
  });

  test("a goal with a share is missed by the value at that share", () => {
    const values = [10, 10, 10, 900];
    expect(isKept({ name: "", unit: "ms", values, atMost: 100, share: 0.5 })).toBe(true);
    expect(isKept({ name: "", unit: "ms", values, atMost: 100, share: 0.75 })).toBe(false);
  });

  test("a table says what missed its goal and what was not measured", () => {
    const table = tableOf([
      { name: "slow", unit: "ms", values: [20], atMost: 10 },
      { name: "absent", unit: "ms", values: [], atMost: 10, note: "not served" },
    ]);
    const [, slow, absent] = table.split("\n");
    expect(slow).toMatch(/^slow .* 20\.0 .*<= 10 +MISSED$/);
    expect(absent).toMatch(/^absent .*<= 10 +not served$/);
  });
});
