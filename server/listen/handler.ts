import { withCaller } from "../policy/admit.ts";
import type { Authenticator } from "../policy/authenticate.ts";
import type { Call } from "../policy/call.ts";
import type { CallMeter } from "../policy/call-meter.ts";
import { preflightHeaders, sharedHeaders } from "../policy/cors.ts";
import { headersFrom } from "../policy/headers.ts";
import { beginCall, localPeer, storeHeader } from "../policy/identify.ts";
import type { Ends, Provenance, Site } from "../policy/origin.ts";
import { allowedOrigin, foreign, hostOf, isLoopbackHost } from "../policy/origin.ts";
import { clientOf } from "../policy/proxies.ts";
import type { Download } from "./attachment.ts";
import type { ByStore } from "./by-store.ts";
import type { Dashboard } from "./dashboard.ts";
import type { DirectGrpc } from "./grpc/grpc.ts";
import type { StreamHandler } from "./http2.ts";
import type { MetricsHandler } from "./metrics.ts";
import { metricsPath } from "./metrics.ts";
import type { Request, RequestHandler, Response } from "./request.ts";
import { answerText, authorityOf, begin, finish, urlOf } from "./request.ts";
import type { Rpc } from "./rpc.ts";
import { answerUnknownRpc, isMethodPath } from "./unknown-rpc.ts";

/** What the requests of one address are answered with. */
export interface HandlerOptions {
  readonly rpc: ByStore<Rpc>;
  readonly grpc: ByStore<DirectGrpc>;
  /** By their paths. */
  readonly downloads: ReadonlyMap<string, Download>;
  /** Answers `/metrics`; absent: there are none. */
  readonly metrics?: MetricsHandler;
  /** Says who asks; absent: everybody may do everything. */
  readonly auth?: Authenticator;
  /** Is told of methods that are not served; absent: nobody is. */
  readonly meter?: Pick<CallMeter, "unknown">;
  /** Absent: no pages are served. */
  readonly dashboard?: Dashboard;
  /** Origins whose pages may call and download, beside the server's own. */
  readonly allowedOrigins: ReadonlySet<string>;
  /** True on a unix socket. */
  readonly local: boolean;
  /** What the address is called; absent on a unix socket. */
  readonly site?: Site;
  /** True when every plugin that is needed is open. */
  ready(): boolean;
  /** True once the server begins to stop. */
  draining(): boolean;
}

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
    if (options.site?.tls === true) keepToTls(authorityOf(request), response);
    if (options.downloads.has(url.pathname)) response.setHeader("cross-origin-resource-policy", "same-origin");
    if (isShared(url.pathname, options) && share(request, response, options)) return;
    const rpc = options.rpc.of(request.headers[storeHeader]);
    if (rpc.serves(url.pathname)) return answerCall(url.pathname, request, response, { ...options, rpc });
    if (answerUnknownRpc(url.pathname, request, response, rpc.services)) return options.meter?.unknown();
    if (request.method !== "GET" && request.method !== "HEAD") {
      return answerText(response, 405, "only GET and HEAD", { allow: "GET, HEAD" });
    }
    answerGet(url, request, response, options);
  };
}

/** Answer calls on HTTP/2's streams where nothing speaks against it; the others become requests, and are refused as such. */
export function createStreamHandler({ grpc, local, site, draining }: HandlerOptions): StreamHandler {
  return (stream, headers) => {
    const direct = grpc.of(headers[storeHeader]);
    if (draining() || !direct.serves(headers)) return false;
    const authority = headers[":authority"] ?? headers.host;
    const ends: Ends = stream.session?.socket ?? {};
    const from: Provenance = { authority, headers, local, ends, guarded: true, ...(site && { site }) };
    if (authority === undefined || foreign(from) !== undefined) return false;
    direct.answer(stream, headers, peerOf(from));
    return true;
  };
}

function refusal(path: string, request: Request, options: HandlerOptions): string | undefined {
  const { allowedOrigins: allowed } = options;
  const guarded =
    isMethodPath(path) ||
    path.startsWith(ownPrefix) ||
    path === metricsPath ||
    (request.method !== "GET" && request.method !== "HEAD");
  return foreign({ ...provenanceOf(request, options), guarded, allowed });
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
  options: Pick<HandlerOptions, "local" | "site" | "draining"> & { readonly rpc: Rpc },
): void {
  if (options.draining()) return answerText(response, 503, "the server stops");
  response.setHeader("cache-control", "no-store");
  options.rpc.answer(path, request, response, peerOf(provenanceOf(request, options)));
}

function answerGet(url: URL, request: Request, response: Response, options: HandlerOptions): void {
  switch (url.pathname) {
    case "/healthz":
      return answerText(response, 200, "ok");
    case "/readyz":
      return options.ready() ? answerText(response, 200, "ready") : answerText(response, 503, "not ready");
  }
  const download = options.downloads.get(url.pathname);
  if (url.pathname === metricsPath && options.metrics !== undefined) {
    return options.metrics(request, response, callOf(request, options));
  }
  if (download !== undefined) return void download(url, request, response, callOf(request, options));
  if (options.dashboard === undefined || url.pathname.startsWith(ownPrefix)) {
    return answerText(response, 404, "there is nothing here");
  }
  options.dashboard.answer(url.pathname, request, response);
}

/** How long a browser keeps to TLS after each answer, in seconds: a year. */
const keptToTlsSeconds = 365 * 24 * 3600;

/** A browser that came over TLS comes so again (RFC 6797); a loopback name is every server's of the machine, so not there. */
function keepToTls(authority: string | undefined, response: Response): void {
  if (isLoopbackHost(hostOf(authority) ?? "")) return;
  response.setHeader("strict-transport-security", `max-age=${keptToTlsSeconds}`);
}

/** A request for a file or for numbers, as policy sees it. */
function callOf(request: Request, options: Pick<HandlerOptions, "local" | "site" | "auth">): Call {
  const { headers } = request;
  const call = beginCall(headers["user-agent"] ?? null, peerOf(provenanceOf(request, options)));
  return withCaller(call, headersFrom(headers), options);
}

function provenanceOf(request: Request, { local, site }: Pick<HandlerOptions, "local" | "site">) {
  const ends: Ends = request.socket;
  return { authority: authorityOf(request), headers: request.headers, local, ends, ...(site && { site }) };
}

/** Where a request comes from, for people: what trusted proxies say, or the other end of its connection. */
function peerOf({ local, headers, site, ends }: Pick<Provenance, "local" | "headers" | "site" | "ends">): string {
  return local ? localPeer : clientOf(ends?.remoteAddress ?? "", headers, site?.proxies);
}
