import { expect, test } from "vitest";
import { goDuration, goTime } from "../../../server/stores/go-time.ts";

test("a span of time is printed as Go does", () => {
  const cases = {
    0: "0s",
    7: "7ms",
    999: "999ms",
    1000: "1s",
    2100: "2.1s",
    59999: "59.999s",
    61500: "1m1.5s",
    3603000: "1h0m3s",
  };
  for (const [ms, text] of Object.entries(cases)) expect(goDuration(Number(ms))).toBe(text);
  expect(goDuration(-5)).toBe("0s");
});

test("a time is printed as Go does, without the zeros at its end", () => {
  expect(goTime(new Date("2026-11-24T14:58:05.123Z"))).toBe("2026-11-24 14:58:05.123 +0000 UTC");
  expect(goTime(new Date("2026-11-24T14:58:05.120Z"))).toBe("2026-11-24 14:58:05.12 +0000 UTC");
  expect(goTime(new Date("2026-11-24T10:00:00Z"))).toBe("2026-11-24 10:00:00 +0000 UTC");
});
