import { ContentError } from "../errors.ts";

/** @throws `out-of-range` for an offset below 0 or beyond the size, both in bytes */
export function checkOffset(offset: number, size: number): void {
  if (offset < 0 || offset > size) throw offsetError(offset, size);
}

/** `out-of-range` for a source with so many bytes. */
export function offsetError(offset: number, size: number): ContentError {
  return new ContentError("out-of-range", `offset ${offset} of a source of ${size} bytes`);
}
