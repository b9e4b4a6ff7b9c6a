import { ContentError } from "../errors.ts";
import { offsetError } from "../sources/offset.ts";
import type { RangeAnswer } from "./answer.ts";

/** Which of its versions an object was when it was first read, so that bytes of two are never joined. */
export interface ObjectVersion {
  /** Bytes in all; absent while it is not known. */
  readonly size: number | undefined;
  /** The value of `If-Range`; absent where nothing serves: a strong ETag, else a date that is (RFC 9110 13.1.5). */
  readonly ifRange: string | undefined;
  /** @throws `data-loss` for an answer of another version; `out-of-range` for an empty one that is not at the end */
  check(headers: Headers, answer: RangeAnswer): void;
  /** All of it was read: it has so many bytes. @throws `data-loss` where it had others */
  ended(size: number): void;
}

/** @param size in bytes that it must have; absent: not known */
export function createVersion(name: string, size: number | undefined): ObjectVersion {
  let known = size;
  let etag: string | null = null;
  let modified: string | null = null;
  let ifRange: string | undefined;
  let gaveRanges = false;
  /** Where the last range ended whose answer did not say whether that is the end of all. */
  let openEnd = 0;

  function changed(what: string, was: unknown, is: unknown): ContentError {
    return new ContentError("data-loss", `${name} has changed: its ${what} was ${was} and is ${is}`);
  }

  function checkSize(is: number): void {
    if (known === undefined) known = is;
    if (known === is) return;
    throw new ContentError("data-loss", `${name} has ${is} bytes, want ${known}`, {
      mismatch: { got: { size: is }, want: { size: known } },
    });
  }

  /** Nothing is at this offset. */
  function checkEmpty(offset: number, size: number | undefined): void {
    if (size !== undefined && size < offset && size === (known ?? size)) throw offsetError(offset, size);
    if (size === undefined && offset !== openEnd) {
      throw new ContentError("out-of-range", `${name}: offset ${offset} is beyond the end`);
    }
    checkSize(size ?? offset);
  }

  return {
    get size() {
      return known;
    },
    get ifRange() {
      return ifRange;
    },
    check(headers, answer) {
      const tag = headers.get("etag");
      const date = headers.get("last-modified");
      if (etag !== null && tag !== null && tag !== etag) throw changed("ETag", etag, tag);
      if (modified !== null && date !== null && date !== modified) throw changed("Last-Modified", modified, date);
      const isSame = (etag !== null && tag === etag) || (modified !== null && date === modified);
      if (gaveRanges && ifRange !== undefined && !answer.ranged && !isSame) {
        throw changed("version", ifRange, "another");
      }
      if (answer.start === answer.stop && answer.ranged) return checkEmpty(answer.start, answer.size);
      if (answer.size !== undefined) checkSize(answer.size);
      else openEnd = answer.stop ?? 0;
      etag ??= tag;
      modified ??= date;
      ifRange ??= validatorOf(headers);
      gaveRanges ||= answer.ranged;
    },
    ended: checkSize,
  };
}

/** A date is strong where the object had not changed in the second in which it was sent. */
function validatorOf(headers: Headers): string | undefined {
  const tag = headers.get("etag");
  if (tag !== null) return tag.startsWith('"') ? tag : undefined;
  const modified = headers.get("last-modified");
  const ageMs = Date.parse(headers.get("date") ?? "") - Date.parse(modified ?? "");
  return modified !== null && ageMs >= 1000 ? modified : undefined;
}
