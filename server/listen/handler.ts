import type { CallMeter } from "../policy/call-meter.ts";
import { preflightHeaders, sharedHeaders } from "../policy/cors.ts";
import { allowedOrigin, foreign } from "../policy/origin.ts";
import type { Download } from "./attachment.ts";
import type { Dashboard } from "./dashboard.ts";
import type { DirectGrpc } from "./grpc/grpc.ts";
import type { StreamHandler } from "./http2.ts";
import { metricsPath } from "./metrics.ts";
import type { Request, RequestHandler, Response } from "./request.ts";
import { answerText, authorityOf, begin, finish, urlOf } from "./request.ts";
import type { Rpc } from "./rpc.ts";
import { answerUnknownRpc, isMethodPath } from "./unknown-rpc.ts";

/** What the requests of one address are answered with. */
export interface HandlerOptions {
  readonly rpc: Rpc;
  readonly grpc: DirectGrpc;
  /** By their paths. */
  readonly downloads: ReadonlyMap<string, Download>;
  /** Answers `/metrics`; absent: there are none. */
  readonly metrics?: RequestHandler;
  /** Is told of methods that are not served; absent: nobody is. */
  readonly meter?: Pick<CallMeter, "unknown">;
  /** Absent: no pages are served. */
  readonly dashboard?: Dashboard;
  /** Origins whose pages may call and download, beside the server's own. */
  readonly allowedOrigins: ReadonlySet<string>;
  /** True on a unix socket. */
  readonly local: boolean;
  /** True when every plugin that is needed is open. */
  ready(): boolean;
  /** True once the server begins to stop. */
  draining(): boolean;
}

/** The peer of everything that comes over a unix socket. */
const localPeer = "unix socket";

/** Paths under which nothing is a page. */
const ownPrefix = "/-/";

/** Send a request to what answers it: health, calls, downloads, pages; refuse it first where it comes from elsewhere. */
export function createHandler(options: HandlerOptions): RequestHandler {
  return (request, response) => {
    response.on("error", () => undefined);
    const url = urlOf(request);
    if (url === undefined) return answerText(response, 400, "not a path");
    if (options.draining() && request.httpVersionMajor < 2) response.setHeader("connection", "close");
    const reason = refusal(url.pathname, request, options);
    if (reason !== undefined) return answerText(response, 403, reason);
    if (options.downloads.has(url.pathname)) response.setHeader("cross-origin-resource-policy", "same-origin");
    if (isShared(url.pathname, options) && share(request, response, options)) return;
    if (options.rpc.serves(url.pathname)) return answerCall(url.pathname, request, response, options);
    if (answerUnknownRpc(url.pathname, request, response, options.rpc.services)) return options.meter?.unknown();
    if (request.method !== "GET" && request.method !== "HEAD") {
      return answerText(response, 405, "only GET and HEAD", { allow: "GET, HEAD" });
    }
    answerGet(url, request, response, options);
  };
}

/** Answer calls on HTTP/2's streams where nothing speaks against it; the others become requests, and are refused as such. */
export function createStreamHandler({ grpc, local, draining }: HandlerOptions): StreamHandler {
  return (stream, headers) => {
    if (draining() || !grpc.serves(headers)) return false;
    const authority = headers[":authority"] ?? headers.host;
    if (authority === undefined || foreign({ authority, headers, local, guarded: true }) !== undefined) return false;
    grpc.answer(stream, headers, local ? localPeer : (stream.session?.socket.remoteAddress ?? ""));
    return true;
  };
}

function refusal(path: string, request: Request, options: HandlerOptions): string | undefined {
  const { rpc, local, allowedOrigins: allowed } = options;
  const guarded =
    rpc.serves(path) ||
    path.startsWith(ownPrefix) ||
    path === metricsPath ||
    (request.method !== "GET" && request.method !== "HEAD");
  return foreign({ authority: authorityOf(request), headers: request.headers, local, guarded, allowed });
}

/** True for what other origins can be allowed: calls and downloads. */
function isShared(path: string, { downloads }: HandlerOptions): boolean {
  return isMethodPath(path) || downloads.has(path);
}

/**
 * Say with an answer to come who may read it.
 *
 * @returns true where it was all that was asked: a browser asks before a call from another origin
 */
function share(request: Request, response: Response, { allowedOrigins: allowed }: HandlerOptions): boolean {
  // A copy for one page is not one for another.
  if (allowed.size > 0) response.setHeader("vary", "origin");
  const origin = allowedOrigin({ headers: request.headers, allowed });
  if (origin === undefined) return false;
  if (request.method === "OPTIONS") {
    begin(response, 204, preflightHeaders(origin));
    finish(response);
    return true;
  }
  for (const [name, value] of Object.entries(sharedHeaders(origin))) response.setHeader(name, value);
  return false;
}

function answerCall(
  path: string,
  request: Request,
  response: Response,
  { rpc, local, draining }: HandlerOptions,
): void {
  if (draining()) return answerText(response, 503, "the server stops");
  response.setHeader("cache-control", "no-store");
  rpc.answer(path, request, response, peerOf(request, local));
}

function answerGet(url: URL, request: Request, response: Response, options: HandlerOptions): void {
  switch (url.pathname) {
    case "/healthz":
      return answerText(response, 200, "ok");
    case "/readyz":
      return options.ready() ? answerText(response, 200, "ready") : answerText(response, 503, "not ready");
  }
  if (url.pathname === metricsPath && options.metrics !== undefined) return options.metrics(request, response);
  const download = options.downloads.get(url.pathname);
  if (download !== undefined) return void download(url, request, response, peerOf(request, options.local));
  if (options.dashboard === undefined || url.pathname.startsWith(ownPrefix)) {
    return answerText(response, 404, "there is nothing here");
  }
  options.dashboard.answer(url.pathname, request, response);
}

function peerOf(request: Request, local: boolean): string {
  return local ? localPeer : (request.socket.remoteAddress ?? "");
}
