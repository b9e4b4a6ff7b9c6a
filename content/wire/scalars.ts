import { create } from "@bufbuild/protobuf";
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import { ContentError } from "../errors.ts";
import { microsOf, toMoment } from "../instant.ts";

const microsPerSecond = 1_000_000;

/** Go's zero time, which gogo-proto sends for a time that is not set: 0001-01-01T00:00:00Z, in seconds. */
const goZeroSeconds = -62_135_596_800n;

/**
 * An int64 of the wire as a number, exactly.
 *
 * @param field names the value in the error
 * @throws `invalid-argument` "FIELD N out of range" beyond 2^53-1, either way
 */
export function int64FromWire(value: bigint, field: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new ContentError("invalid-argument", `${field} ${value} out of range`);
  return number;
}

/**
 * A number as an int64 of the wire, exactly.
 *
 * @param field names the value in the error
 * @throws `invalid-argument` "FIELD N out of range" for what is no integer or beyond 2^53-1, either way
 */
export function int64ToWire(value: number, field: string): bigint {
  if (!Number.isSafeInteger(value)) throw new ContentError("invalid-argument", `${field} ${value} out of range`);
  return BigInt(value);
}

/**
 * A time of the wire, to the microsecond; absent for one that is absent or Go's zero time.
 *
 * @throws `invalid-argument` for a time that no Date can hold
 */
export function timeFromWire(timestamp: Timestamp | undefined): Date | undefined {
  if (timestamp === undefined || (timestamp.seconds === goZeroSeconds && timestamp.nanos === 0)) return undefined;
  const date = toMoment(Number(timestamp.seconds) * microsPerSecond + Math.floor(timestamp.nanos / 1000));
  if (Number.isNaN(date.getTime())) {
    throw new ContentError("invalid-argument", `time ${timestamp.seconds} out of range`);
  }
  return date;
}

/** A time for the wire. */
export function timeToWire(date: Date): Timestamp {
  const micros = microsOf(date);
  const seconds = Math.floor(micros / microsPerSecond);
  return create(TimestampSchema, { seconds: BigInt(seconds), nanos: (micros - seconds * microsPerSecond) * 1000 });
}

/** Stands for a time that every server sends, where one did not. */
export const unknownTime = new Date(0);
