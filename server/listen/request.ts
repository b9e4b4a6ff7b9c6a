import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { constants } from "node:http2";

/** A request over HTTP/1.1 or HTTP/2. */
export type Request = IncomingMessage | Http2ServerRequest;

/** Its response. */
export type Response = ServerResponse | Http2ServerResponse;

/** Answers a request. It does not throw. */
export type RequestHandler = (request: Request, response: Response) => void;

/** Host that the request is for: HTTP/2's `:authority`, or `Host`; absent where a client sent neither. */
export function authorityOf(request: Request): string | undefined {
  return "authority" in request && request.authority ? request.authority : request.headers.host;
}

/** Path and query of a request; absent where they are no URL. */
export function urlOf(request: Request): URL | undefined {
  return request.url?.startsWith("/") ? (URL.parse(`http://localhost${request.url}`) ?? undefined) : undefined;
}

/** Answer in one line of text. */
export function answerText(
  response: Response,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  const body = Buffer.from(`${text}\n`);
  begin(response, status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": String(body.length),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...headers,
  });
  finish(response, body);
}

/** Send status and headers. */
export function begin(response: Response, status: number, headers: Record<string, string>): void {
  (response as ServerResponse).writeHead(status, headers);
}

/** Send the last of a body; none for a HEAD, whose response drops it. */
export function finish(response: Response, body?: Uint8Array): void {
  (response as ServerResponse).end(body);
}

/** End a response where it is, so that its client sees that it is not whole: the connection, or HTTP/2's stream. */
export function cut(response: Response): void {
  if ("stream" in response) response.stream?.close(constants.NGHTTP2_INTERNAL_ERROR);
  else response.destroy();
}
