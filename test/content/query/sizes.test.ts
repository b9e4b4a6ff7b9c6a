import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatSize, parseSize } from "../../../content/query/sizes.ts";

const invalid = (text: string) => expect.objectContaining({ kind: "invalid-argument", message: text });

describe("a size is read", () => {
  test.each([
    ["0", 0],
    ["4096", 4096],
    ["4096B", 4096],
    ["1KiB", 1024],
    ["100MiB", 104_857_600],
    ["100mib", 104_857_600],
    ["1.5GiB", 1_610_612_736],
    ["1.24GiB", 1_331_439_862],
    ["2TiB", 2_199_023_255_552],
    ["9007199254740991", Number.MAX_SAFE_INTEGER],
  ])("%s", (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });
});

describe("a size is refused, with what was meant", () => {
  test.each([
    ["100M", '"100M": units are B, KiB, MiB, GiB and TiB, did you mean 100MiB?'],
    ["100k", '"100k": units are B, KiB, MiB, GiB and TiB, did you mean 100KiB?'],
    ["1.5GB", '"1.5GB": units are B, KiB, MiB, GiB and TiB, did you mean 1.5GiB?'],
    ["1Ti", '"1Ti": units are B, KiB, MiB, GiB and TiB, did you mean 1TiB?'],
    ["1PiB", '"1PiB": units are B, KiB, MiB, GiB and TiB'],
    ["1.5", '"1.5": bytes are whole numbers'],
    ["1.2345GiB", '"1.2345GiB": a size has 3 decimals at most'],
    ["9007199254740992", '"9007199254740992" is too large a size'],
    ["8192TiB", '"8192TiB" is too large a size'],
    ["", '"" is no size, such as 100MiB'],
    ["-1", '"-1" is no size, such as 100MiB'],
    ["big", '"big" is no size, such as 100MiB'],
  ])("%j", (text, message) => {
    expect(() => parseSize(text)).toThrow(invalid(message));
  });
});

describe("a size is written in a unit that tells it to the byte", () => {
  test.each([
    [0, "0"],
    [1000, "1000"],
    [1024, "1KiB"],
    [1536, "1.5KiB"],
    [104_857_600, "100MiB"],
    [1_331_439_862, "1.24GiB"],
    [1_331_439_863, "1331439863"],
    [1_611_661_312, "1537MiB"],
  ])("%d", (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });
});

test("what is written is read as the same size", () => {
  fc.assert(
    fc.property(fc.oneof(fc.nat(), fc.maxSafeNat()), (bytes) => {
      expect(parseSize(formatSize(bytes))).toBe(bytes);
    }),
    { numRuns: 1000 },
  );
});
