import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDuration, parseDuration } from "../../../content/query/durations.ts";

const invalid = (text: string) => expect.objectContaining({ kind: "invalid-argument", message: text });

describe("a duration is read", () => {
  test.each([
    ["0s", 0],
    ["90s", 90],
    ["3m12s", 192],
    ["7d", 604_800],
    ["2w", 1_209_600],
    ["1w2d3h4m5s", 788_645],
    ["1d90m", 91_800],
    ["36525d", 3_155_760_000],
  ])("%s", (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });
});

describe("a duration is refused", () => {
  test.each([
    ["7", '"7" needs a unit: s, m, h, d or w'],
    ["7y", '"7y" is no duration, such as 7d or 3m12s; units are s, m, h, d, w'],
    ["7D", '"7D" is no duration, such as 7d or 3m12s; units are s, m, h, d, w'],
    ["1.5h", '"1.5h" is no duration, such as 7d or 3m12s; units are s, m, h, d, w'],
    ["", '"" is no duration, such as 7d or 3m12s; units are s, m, h, d, w'],
    ["d", '"d" is no duration, such as 7d or 3m12s; units are s, m, h, d, w'],
    ["12s3m", '"12s3m": units go from w to s, each once'],
    ["1h1h", '"1h1h": units go from w to s, each once'],
    ["36525d1s", '"36525d1s" is more than a hundred years'],
    ["999999999999w", '"999999999999w" is more than a hundred years'],
  ])("%j", (text, message) => {
    expect(() => parseDuration(text)).toThrow(invalid(message));
  });
});

describe("a duration is written in whole weeks, or from days to seconds", () => {
  test.each([
    [0, "0s"],
    [90, "1m30s"],
    [604_800, "1w"],
    [691_200, "8d"],
    [86_401, "1d1s"],
  ])("%d", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

test("what is written is read as the same duration", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 36_525 * 86_400 }), (seconds) => {
      expect(parseDuration(formatDuration(seconds))).toBe(seconds);
    }),
    { numRuns: 1000 },
  );
});
