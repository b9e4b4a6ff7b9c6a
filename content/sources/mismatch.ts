import type { Digest } from "../digest.ts";
import type { BytesFacts } from "../errors.ts";
import { ContentError } from "../errors.ts";

/** `data-loss` of a source with another number of bytes than it should have. @param more it had not ended there */
export function sizeError(got: number, want: number, more = false): ContentError {
  return new ContentError("data-loss", `the source has ${got} bytes${more ? " or more" : ""}, want ${want}`, {
    mismatch: { got: { size: got }, want: { size: want } },
  });
}

/** `data-loss` of a blob that was read. @param size in bytes that it should have had */
export function mismatchError(digest: Digest, got: BytesFacts, size: number): ContentError {
  const text = got.digest === undefined ? `${got.size} bytes` : `${got.size} bytes of ${got.digest}`;
  return new ContentError("data-loss", `content ${digest}: got ${text}, want ${size} bytes`, {
    mismatch: { got, want: { digest, size } },
  });
}
