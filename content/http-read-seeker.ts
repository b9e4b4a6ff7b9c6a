import { ContentError, isKind, throwIfCancelled } from "./errors.ts";
import type { RangeAnswer } from "./http/answer.ts";
import { readAnswer } from "./http/answer.ts";
import type { ObjectVersion } from "./http/version.ts";
import { createVersion } from "./http/version.ts";
import type { RetryOptions } from "./retries.ts";
import { createRetries } from "./retries.ts";
import type { Source } from "./source.ts";
import { chunksOf } from "./sources/chunks.ts";
import { checkOffset, offsetError } from "./sources/offset.ts";

export interface HttpReadSeekerOptions extends RetryOptions {
  /** Bytes that the object must have; absent: as many as the server says. */
  readonly size?: number;
  /** Sent with every request, such as Authorization. */
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  /** Makes the requests, and says in a ContentError why it does not; absent: the `fetch` of the platform. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** As in RetryOptions, but absent: 2, so that the third error in a row without a byte between is thrown. */
  readonly retries?: number;
}

/** An object of a web server, read from any offset. As a Source it goes into writeBlob as it is. */
export interface HttpReadSeeker extends Source {
  /** Bytes in all: those of the options, or what the server said; absent before it did. */
  readonly size?: number;
  /**
   * Bytes from `offset` on; a chunk is valid until the next is asked for.
   *
   * @param length bytes wanted; absent or beyond the end: to the end
   * @throws as httpReadSeeker says
   */
  read(offset: number, length?: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;
}

/**
 * Reads what a web server has under a URL, by `Range: bytes=OFFSET-` (containerd's core/remotes/docker/httpreadseeker.go).
 *
 * An answer that is cut is asked for again at its offset, once for each cut, so that no byte comes twice. Of a server that
 * answers with the whole object nevertheless, what stands before the offset is thrown away. All that is read with one of
 * these is of one version of the object: `If-Range` asks for that, and ETag, Last-Modified and size are compared. A page may
 * read these of another origin only where that exposes ETag and Content-Range to it.
 *
 * Reading throws, while it is iterated: `data-loss` for an object that changed meanwhile, that has not the wanted size, or whose
 * server sends other bytes than asked for; `out-of-range` for an offset beyond the end; `not-found`, `unauthenticated`,
 * `permission-denied` and `failed-precondition` as the server refuses it; `unavailable` after the third error in a row without
 * progress; `cancelled` after the signal aborted, its reason as the cause. Whichever way it ends, the answer is let go of.
 *
 * @param url absolute, or in a page relative to it; error texts name it without its query
 * @throws `invalid-argument` for a URL with a user in it; a TypeError for headers that are none
 */
export function httpReadSeeker(url: string, options: HttpReadSeekerOptions = {}): HttpReadSeeker {
  if (/^[a-z][a-z\d+.-]*:\/\/[^/?#]*@/i.test(url)) {
    throw new ContentError("invalid-argument", "a URL with a user in it; credentials go into headers");
  }
  const name = url.replace(/[?#].*$/s, "");
  const { size, headers, fetch: ask = fetch, retries = 2, ...retry } = options;
  const version = createVersion(name, size);
  const object: HttpObject = { url, name, version, headers: new Headers(headers), fetch: ask };

  async function* read(offset: number, length?: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const tries = createRetries({ ...retry, retries });
    const end = length === undefined ? Number.POSITIVE_INFINITY : offset + length;
    if (offset < 0 || version.size !== undefined) checkOffset(offset, version.size ?? 0);
    for (let at = offset; at < Math.min(end, version.size ?? end); ) {
      throwIfCancelled(signal);
      try {
        for await (const chunk of readOnce(object, at, end, signal)) {
          at += chunk.length;
          tries.reset();
          yield chunk;
        }
      } catch (error) {
        throwIfCancelled(signal);
        if (!isKind(error, "unavailable")) throw error;
        await tries.waitAfter(error, signal);
      }
    }
  }

  return {
    get size() {
      return version.size;
    },
    open: (offset, signal) => read(offset, undefined, signal),
    read,
  };
}

interface HttpObject {
  readonly url: string;
  readonly name: string;
  readonly version: ObjectVersion;
  readonly headers: Headers;
  readonly fetch: NonNullable<HttpReadSeekerOptions["fetch"]>;
}

/** One request. @param end where to stop, in bytes; infinite: at the end of the object */
async function* readOnce(
  object: HttpObject,
  offset: number,
  end: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { name, version } = object;
  const response = await request(object, offset, end, signal);
  const answer = await understood(response, offset, object);
  const { start, stop } = answer;
  let at = start;
  for await (const chunk of bodyOf(response, name, signal)) {
    const from = at;
    at += chunk.length;
    if (stop !== undefined && at > stop) {
      throw new ContentError(
        "data-loss",
        `${name}: the server sends more than the ${stop - start} bytes that it announced`,
      );
    }
    const wanted = chunk.subarray(Math.max(0, offset - from), end - from);
    if (wanted.length > 0) yield wanted;
    if (at >= end) return;
  }
  if (stop !== undefined && at < stop) {
    throw new ContentError("unavailable", `${name}: the answer was cut at offset ${at} of ${stop}`);
  }
  if (stop === undefined) version.ended(at);
  if (at < offset) throw offsetError(offset, at);
}

/** What an answer is, held against those before; one that is none is let go of. */
async function understood(response: Response, offset: number, { name, version }: HttpObject): Promise<RangeAnswer> {
  try {
    const answer = readAnswer(response, offset, name);
    version.check(response.headers, answer);
    return answer;
  } catch (error) {
    await response.body?.cancel().catch(() => undefined);
    throw error;
  }
}

async function request(
  { url, name, version, headers: own, fetch: ask }: HttpObject,
  offset: number,
  end: number,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const headers = new Headers(own);
  headers.set("range", `bytes=${offset}-${Number.isFinite(end) ? end - 1 : ""}`);
  // Browsers leave this out here, and say it themselves for a range.
  headers.set("accept-encoding", "identity");
  if (version.ifRange !== undefined) headers.set("if-range", version.ifRange);
  try {
    return await ask(url, { headers, cache: "no-store", signal });
  } catch (cause) {
    throw cause instanceof ContentError ? cause : cutError(name, cause);
  }
}

async function* bodyOf(
  { body, status }: Response,
  name: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null) return;
  // What comes with 416 is a text about it.
  if (status === 416) return await body.cancel();
  try {
    yield* chunksOf(body, signal);
  } catch (cause) {
    throw cutError(name, cause);
  }
}

function cutError(name: string, cause: unknown): ContentError {
  // Node's fetch says why in its cause.
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return new ContentError("unavailable", `${name}: ${inner instanceof Error ? inner.message : String(inner)}`, {
    cause,
  });
}
