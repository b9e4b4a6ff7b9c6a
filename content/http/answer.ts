import type { ErrorKind } from "../errors.ts";
import { ContentError } from "../errors.ts";

/** What the bytes of an answer are. */
export interface RangeAnswer {
  /** Where the body begins in the object, in bytes. */
  readonly start: number;
  /** Where it ends; absent: not said before its end. */
  readonly stop?: number;
  /** Bytes of the whole object; absent: not said. */
  readonly size?: number;
  /** The server answered with a range; false: with the whole object. */
  readonly ranged: boolean;
}

/** Statuses with a kind of their own; other 4xx are `failed-precondition`, and everything else that is no answer `unavailable`. */
const kinds: Readonly<Record<number, ErrorKind>> = {
  401: "unauthenticated",
  403: "permission-denied",
  404: "not-found",
  408: "unavailable",
  410: "not-found",
  425: "unavailable",
  429: "unavailable",
};

/**
 * What a server answered to `Range: bytes=OFFSET-` (RFC 9110 14).
 *
 * @param name of the object in error texts
 * @throws `data-loss` for a range that was not asked for, or that does not add up; `failed-precondition` for packed
 * bytes, whose offsets are others; for a status that is no answer, its kind
 */
export function readAnswer(response: Response, offset: number, name: string): RangeAnswer {
  const { status, headers } = response;
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity") {
    throw new ContentError("failed-precondition", `${name}: the server sends it packed (${encoding})`);
  }
  if (status === 206) return partialAnswer(headers.get("content-range"), offset, name);
  if (status === 416) return emptyAnswer(headers.get("content-range"), offset, name);
  if (status === 200) {
    const size = countOf(headers.get("content-length"));
    return { start: 0, ...(size !== undefined && { stop: size, size }), ranged: false };
  }
  const kind = kinds[status] ?? (status >= 400 && status < 500 ? "failed-precondition" : "unavailable");
  throw new ContentError(kind, `${name}: the server answered ${status} ${response.statusText}`.trim());
}

/** 206: a part of the object. */
function partialAnswer(range: string | null, offset: number, name: string): RangeAnswer {
  const [, first = "", last = "", total = ""] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(range ?? "") ?? [];
  const start = countOf(first);
  const end = countOf(last);
  const size = countOf(total);
  if (start !== offset || end === undefined || end < start || (size !== undefined && end >= size)) {
    const said = range === null ? "no Content-Range that can be read" : `Content-Range ${JSON.stringify(range)}`;
    throw new ContentError("data-loss", `${name}: asked for bytes from ${offset} on, the server answered with ${said}`);
  }
  return { start, stop: end + 1, ...(size !== undefined && { size }), ranged: true };
}

/** 416: nothing is there, which is right at the end of the object. Where that is, an answer without a size does not say. */
function emptyAnswer(range: string | null, offset: number, name: string): RangeAnswer {
  const size = countOf(/^bytes \*\/(\d+)$/i.exec(range ?? "")?.[1] ?? null);
  if (size !== undefined && offset < size) {
    throw new ContentError("data-loss", `${name}: the server has ${size} bytes, and sends none from ${offset} on`);
  }
  return { start: offset, stop: offset, ...(size !== undefined && { size }), ranged: true };
}

/** A number of bytes as digits; absent for anything else. */
function countOf(text: string | null): number | undefined {
  if (text === null || !/^\d+$/.test(text)) return undefined;
  const count = Number(text);
  return Number.isSafeInteger(count) ? count : undefined;
}
