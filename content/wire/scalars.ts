import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { timestampFromDate, timestampMs } from "@bufbuild/protobuf/wkt";
import { ContentError } from "../errors.ts";

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
 * A time of the wire, to the millisecond; absent for one that is absent or Go's zero time.
 *
 * @throws `invalid-argument` for a time that no Date can hold
 */
export function timeFromWire(timestamp: Timestamp | undefined): Date | undefined {
  if (timestamp === undefined || (timestamp.seconds === goZeroSeconds && timestamp.nanos === 0)) return undefined;
  const date = new Date(timestampMs(timestamp));
  if (Number.isNaN(date.getTime())) {
    throw new ContentError("invalid-argument", `time ${timestamp.seconds} out of range`);
  }
  return date;
}

/** A time for the wire. */
export const timeToWire: (date: Date) => Timestamp = timestampFromDate;

/** Stands for a time that every server sends, where one did not. */
export const unknownTime = new Date(0);
