import { create } from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ContentError } from "../../../content/errors.ts";
import { Instant, microsOf } from "../../../content/instant.ts";
import { int64FromWire, int64ToWire, timeFromWire, timeToWire } from "../../../content/wire.ts";

describe("int64", () => {
  test("keeps every safe integer exactly, both ways", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        expect(int64ToWire(number, "size")).toBe(BigInt(number));
        expect(int64FromWire(BigInt(number), "size")).toBe(number);
      }),
    );
    expect(int64FromWire(2n ** 53n - 1n, "size")).toBe(Number.MAX_SAFE_INTEGER);
  });

  test("refuses what a number would round, and says which value it was", () => {
    const refusal = new ContentError("invalid-argument", "offset 9007199254740992 out of range");
    expect(() => int64FromWire(2n ** 53n, "offset")).toThrow(refusal);
    expect(() => int64FromWire(-(2n ** 53n), "offset")).toThrow("offset -9007199254740992 out of range");
    expect(() => int64ToWire(2 ** 53, "offset")).toThrow(refusal);
    expect(() => int64ToWire(1.5, "total")).toThrow("total 1.5 out of range");
    expect(() => int64ToWire(Number.NaN, "total")).toThrow("total NaN out of range");
  });
});

describe("times", () => {
  test("come back to the millisecond, also before 1970", () => {
    for (const text of ["2026-11-24T09:10:11.123Z", "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00.000Z"]) {
      expect(timeFromWire(timeToWire(new Date(text)))?.toISOString()).toBe(text);
    }
  });

  test("come back to the microsecond where they are known that well", () => {
    for (const micros of [1_795_511_411_123_456, -1, 0, 999_999]) {
      expect(microsOf(timeFromWire(timeToWire(new Instant(micros))) ?? new Date())).toBe(micros);
    }
    const finer = create(TimestampSchema, { seconds: 1n, nanos: 1_999 });
    expect(microsOf(timeFromWire(finer) ?? new Date())).toBe(1_000_001);
  });

  test("are absent when the peer sent none, or Go's zero time", () => {
    expect(timeFromWire(undefined)).toBeUndefined();
    expect(timeFromWire(create(TimestampSchema, { seconds: -62_135_596_800n }))).toBeUndefined();
  });

  test("are refused beyond what a Date can hold", () => {
    expect(() => timeFromWire(create(TimestampSchema, { seconds: 2n ** 60n }))).toThrow(ContentError);
  });
});
