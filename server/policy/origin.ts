import { isIPv4 } from "node:net";
import type { Proxies } from "./proxies.ts";
import { disagree, plainAddress, proxyHeaderOf } from "./proxies.ts";

/** What one address of the server is called, and who may speak for others there. */
export interface Site {
  /** True where every connection is TLS's. */
  readonly tls: boolean;
  /** The name or address that is listened on. */
  readonly host: string;
  /** Where proxies show the server; absent: no request comes through one. */
  readonly publicUrl?: PublicUrl;
  /** Proxies that are believed; absent: none are. */
  readonly proxies?: Proxies;
  /** True for a name or address that the certificate is for; absent: there is no certificate. */
  certified?(host: string): boolean;
}

/** Where everybody finds the server. */
export interface PublicUrl {
  /** As browsers send it. */
  readonly origin: string;
  /** Its host in lower case, without port and brackets. */
  readonly host: string;
}

/** What of a request tells where it comes from; header names in lower case. */
export interface Provenance {
  /** Host of the request: HTTP/2's `:authority`, or `Host`. */
  readonly authority: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** True on a unix socket, which no browser can reach. */
  readonly local: boolean;
  /** True for what acts or hands out data (calls, downloads), false for pages and their parts. */
  readonly guarded: boolean;
  /** Origins whose pages may call; absent: none but its own. */
  readonly allowed?: ReadonlySet<string>;
  /** The address that it came in on; absent: a unix socket, or loopback without TLS and without proxies. */
  readonly site?: Site;
  /** Both ends of its connection; absent: not known. */
  readonly ends?: Ends;
}

/** The addresses of a connection. */
export interface Ends {
  readonly remoteAddress?: string | undefined;
  readonly localAddress?: string | undefined;
}

/**
 * Why a request is refused, in one line; absent when it is not.
 *
 * - What came through a proxy is refused, unless that proxy is trusted and the request is for the public name: to this
 *   server everybody behind it would be on loopback. `X-Forwarded-Host` and `-Proto` decide nothing.
 * - A Host that is no name of this server is DNS rebinding: a stranger's page that had its own name point here. Any port will
 *   do, so that a tunnel may end on another one.
 * - A call from another origin's page is refused by `Sec-Fetch-Site`, or by `Origin` where a browser sends only that, unless
 *   its Origin is allowed. Pages themselves are served from any link.
 */
export function foreign(from: Provenance): string | undefined {
  const proxied = proxyHeaderOf(from.headers);
  const refused = proxied === undefined ? undefined : refusedProxy(proxied, from);
  return refused ?? refusedHost(from, proxied !== undefined) ?? (from.guarded ? refusedPage(from) : undefined);
}

function refusedProxy(header: string, { headers, local, site, ends }: Provenance): string | undefined {
  if (local) return `came through a proxy (${header}); proxies go to a TCP address, with public_url in the config`;
  if (site?.publicUrl === undefined || site.proxies === undefined) {
    return `came through a proxy (${header}); that needs sign-in and public_url in the config`;
  }
  const remote = ends?.remoteAddress ?? "";
  if (!site.proxies.trusts(remote)) {
    return `came through a proxy (${header}) at ${plainAddress(remote)}, which trusted_proxies in the config does not name`;
  }
  if (!disagree(remote, headers, site.proxies)) return undefined;
  return "x-forwarded-for and forwarded tell of two clients; the proxy has to set one and to clear the other";
}

function refusedHost({ authority, local, site, ends }: Provenance, proxied: boolean): string | undefined {
  if (local) return undefined;
  const host = hostOf(authority);
  if (host !== undefined) {
    if (isPublic(host, site)) return undefined;
    if (!proxied && (isLoopbackHost(host) || isOwn(host, site, ends))) return undefined;
  }
  const name = JSON.stringify(authority ?? "");
  if (proxied) return `host ${name} is not that of ${site?.publicUrl?.origin}; the proxy has to pass the Host on`;
  return `host ${name} is not this server; use ${site?.publicUrl?.origin ?? "localhost or 127.0.0.1"}`;
}

function refusedPage(from: Provenance): string | undefined {
  if (allowedOrigin(from) !== undefined) return undefined;
  const { origin, "sec-fetch-site": site } = from.headers;
  if (origin !== undefined && !isOwnOrigin(origin, from)) {
    return "called from a page of another origin, which allow_origins in the config does not name";
  }
  if (site !== undefined && site !== "same-origin" && site !== "none") return "called from a page of another site";
  return undefined;
}

/** True for the origin of the pages that are served under the Host of the request. */
function isOwnOrigin(origin: string | readonly string[], { authority, site }: Provenance): boolean {
  const host = hostOf(authority);
  const shown = host !== undefined && isPublic(host, site) ? site?.publicUrl?.origin : undefined;
  if (shown !== undefined && origin === shown) return true;
  const secure = site?.tls === true || shown?.startsWith("https:") === true;
  return origin === `${secure ? "https" : "http"}://${authority}`;
}

function isPublic(host: string, site: Site | undefined): boolean {
  return site?.publicUrl?.host === host;
}

/** True for the name and the address that the connection is made to, and for the names of the certificate. */
function isOwn(host: string, site: Site | undefined, ends: Ends | undefined): boolean {
  if (site === undefined || wildcards.includes(host)) return false;
  if (host === site.host.toLowerCase() || host === plainAddress(ends?.localAddress ?? "")) return true;
  return site.certified?.(host) === true;
}

/** Addresses that stand for all of a machine's, and that browsers let strangers' pages call. */
const wildcards: readonly string[] = ["0.0.0.0", "::"];

/** The origin that a request tells, where its pages may call; absent where they may not, or are the server's own. */
export function allowedOrigin({
  headers: { origin },
  allowed,
}: Pick<Provenance, "headers" | "allowed">): string | undefined {
  return typeof origin === "string" && allowed?.has(origin) === true ? origin : undefined;
}

/**
 * What is wrong with the name of an origin, in words that go on from it; absent where a browser sends it so.
 *
 * @param text scheme, host and, unless it is the scheme's, port
 */
export function originFault(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || text.includes("*")) {
    return "is no origin, such as https://app.example or http://127.0.0.1:5173; each is named, without wildcards";
  }
  return url.origin === text ? undefined : `is no origin; write it as ${url.origin}`;
}

/** What is wrong with a public URL, in words that go on from it; absent where it is an origin as browsers send it. */
export function publicUrlFault(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return "is no origin, such as https://stowage.example";
  if (url.pathname !== "/") return "has a path, under which the pages do not work; give the server a host of its own";
  return originFault(text);
}

/** @param text one without a `publicUrlFault` */
export function publicUrlOf(text: string): PublicUrl {
  return { origin: text, host: hostOf(new URL(text).host) ?? "" };
}

/** True for `localhost`, 127.0.0.0/8 and ::1, without a port. */
export function isLoopbackHost(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

/** The host of an authority in lower case, without port and brackets; absent for what is none. */
export function hostOf(authority: string | undefined): string | undefined {
  const match = /^(?:\[(?<v6>[0-9a-f:]+)\]|(?<name>[^:[\]]+))(?::\d{1,5})?$/.exec((authority ?? "").toLowerCase());
  return match?.groups?.["v6"] ?? match?.groups?.["name"];
}
