import type { Logger } from "pino";
import type { Digest } from "../../content/digest.ts";
import { hexOf } from "../../content/digest.ts";
import { parseDigest } from "../../content/parse-digest.ts";
import type { ReaderAt } from "../../content/store.ts";
import type { Metadata } from "../metadata/metadata.ts";
import { scopeOf } from "../policy/call.ts";
import { withScope } from "../policy/identify.ts";
import type { Download } from "./attachment.ts";
import { attachmentHeaders, createDownloads } from "./attachment.ts";
import type { ByteRange } from "./range.ts";
import { matchesTag, parseRange } from "./range.ts";
import type { Request, Response } from "./request.ts";
import { answerText, begin, finish } from "./request.ts";
import { sendBytes } from "./send.ts";

/** Where blobs are downloaded from. */
export const downloadPath = "/-/blob";

/**
 * Answers `GET|HEAD /-/blob?ns=NAMESPACE&d=DIGEST[&store=local]` with a blob as a file. A blob is a stranger's: it is always an
 * attachment of no known type.
 */
export function createDownload(metadata: Pick<Metadata, "in">, logger: Logger): Download {
  return createDownloads({
    logger,
    logged: { namespace: "ns", digest: "d" },
    async answer({ searchParams: query }, request, response, call, signal) {
      const wanted = parseDigest(query.get("d") ?? "");
      const scope = scopeOf(withScope(call, query.get("ns"), null));
      await using reader = await metadata.in(scope).readerAt({ digest: wanted }, signal);
      await answer(wanted, reader, request, response, signal);
    },
  });
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
    ...attachmentHeaders(hexOf(digest)),
    "accept-ranges": "bytes",
    etag: tag,
    // The bytes never change, but who may have them does: a copy is asked about before it is used.
    "cache-control": "private, no-cache",
  };
}
