import type { Logger } from "pino";
import type { Digest } from "../../content/digest.ts";
import { hexOf, parseDigest } from "../../content/digest.ts";
import type { ErrorKind } from "../../content/errors.ts";
import { ContentError } from "../../content/errors.ts";
import type { ReaderAt } from "../../content/store.ts";
import { toContentError } from "../../content/wire.ts";
import type { Metadata } from "../metadata/metadata.ts";
import { scopeOf } from "../policy/call.ts";
import { beginCall, withScope } from "../policy/identify.ts";
import type { ByteRange } from "./range.ts";
import { matchesTag, parseRange } from "./range.ts";
import type { Request, Response } from "./request.ts";
import { answerText, begin, cut, finish } from "./request.ts";
import { sendBytes } from "./send.ts";

/** Where blobs are downloaded from. */
export const downloadPath = "/-/blob";

/** The name that the one store answers to. */
const storeName = "local";

/** HTTP status of each kind of error; 500 for all others. */
const statuses: Readonly<Partial<Record<ErrorKind, number>>> = {
  "invalid-argument": 400,
  "not-found": 404,
  "failed-precondition": 400,
  unavailable: 503,
  "permission-denied": 403,
  unauthenticated: 401,
  "resource-exhausted": 503,
};

/** Answers `GET|HEAD /-/blob?ns=NAMESPACE&d=DIGEST[&store=local]`. */
export type Download = (url: URL, request: Request, response: Response, peer: string) => Promise<void>;

/**
 * Hands out blobs as files. A blob is a stranger's: it is always an attachment of no known type.
 *
 * What cannot be read is an error in one line of text while nothing was sent; later the connection is cut before the last
 * byte, so that no client takes a wrong file for a whole one.
 */
export function createDownload(metadata: Pick<Metadata, "in">, logger: Logger): Download {
  return async (url, request, response, peer) => {
    const call = beginCall(request.headers["user-agent"] ?? null, peer);
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    try {
      const wanted = parseQuery(url.searchParams);
      const scope = scopeOf(withScope(call, url.searchParams.get("ns"), null));
      await using reader = await metadata.in(scope).readerAt({ digest: wanted }, gone.signal);
      await answer(wanted, reader, request, response, gone.signal);
    } catch (thrown) {
      if (gone.signal.aborted) return;
      const error = toContentError(thrown, call.id);
      logger.warn(
        { call: call.id, digest: url.searchParams.get("d"), kind: error.kind, err: thrown },
        "download failed",
      );
      if (response.headersSent) cut(response);
      else answerText(response, statuses[error.kind] ?? 500, errorText(error));
    }
  };
}

function parseQuery(query: URLSearchParams): Digest {
  const store = query.get("store") ?? storeName;
  if (store !== storeName) throw new ContentError("not-found", `store ${JSON.stringify(store)}`);
  return parseDigest(query.get("d") ?? "");
}

function errorText({ message, kind, facts }: ContentError): string {
  if (kind === "not-found") return `${message}: not found`;
  return facts.reference === undefined ? message : `${message} (${facts.reference})`;
}

async function answer(
  digest: Digest,
  reader: ReaderAt,
  request: Request,
  response: Response,
  signal: AbortSignal,
): Promise<void> {
  const tag = `"${digest}"`;
  const headers = headersOf(digest, tag);
  if (matchesTag(request.headers["if-none-match"], tag)) {
    begin(response, 304, headers);
    return finish(response);
  }
  const range = wantsRange(request, tag) ? parseRange(request.headers.range, reader.size) : undefined;
  if (range === "unsatisfiable") {
    return answerText(response, 416, `the blob has ${reader.size} bytes`, {
      "content-range": `bytes */${reader.size}`,
    });
  }
  const { offset, length }: ByteRange = range ?? { offset: 0, length: reader.size };
  const sized = {
    ...headers,
    "content-length": String(length),
    ...(range && { "content-range": `bytes ${offset}-${offset + length - 1}/${reader.size}` }),
  };
  const start = () => begin(response, range ? 206 : 200, sized);
  if (request.method === "HEAD") {
    start();
    return finish(response);
  }
  await sendBytes(response, reader.read(offset, length, signal), length, start);
}

/** Ranges are for GET alone (RFC 9110, 14.2), and not where the client has a part of something else. */
function wantsRange({ method, headers }: Request, tag: string): boolean {
  const ifRange = headers["if-range"];
  return method === "GET" && (ifRange === undefined || ifRange === tag);
}

function headersOf(digest: Digest, tag: string): Record<string, string> {
  return {
    "content-type": "application/octet-stream",
    "content-disposition": `attachment; filename="${hexOf(digest)}"`,
    "accept-ranges": "bytes",
    etag: tag,
    // The bytes never change, but who may have them does: a copy is asked about before it is used.
    "cache-control": "private, no-cache",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
}
