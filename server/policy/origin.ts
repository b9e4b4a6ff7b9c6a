import { isIPv4 } from "node:net";

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
}

/** What proxies set: `Forwarded`, `Via`, `X-Forwarded-For` and its kin. */
const proxyHeader = /^(?:forwarded|via|x-forwarded-.+)$/;

/**
 * Why a request is refused, in one line; absent when it is not.
 *
 * - A Host that is no loopback name is DNS rebinding: a stranger's page that had its own name point here. Any port will
 *   do, so that a tunnel may end on another one.
 * - A call from another origin's page is refused by `Sec-Fetch-Site`, or by `Origin` where a browser sends only that, unless
 *   its Origin is allowed. Pages themselves are served from any link.
 * - What came through a proxy is refused: to this server everybody behind it would be on loopback.
 */
export function foreign(from: Provenance): string | undefined {
  const { authority, headers, local, guarded } = from;
  if (!local && !isLoopbackAuthority(authority)) {
    return `host ${JSON.stringify(authority ?? "")} is not this server; use localhost or 127.0.0.1`;
  }
  const proxied = Object.keys(headers).find((name) => proxyHeader.test(name) && headers[name] !== undefined);
  if (proxied !== undefined) {
    return `came through a proxy (${proxied}); that needs sign-in and public_url in the config`;
  }
  if (!guarded || allowedOrigin(from) !== undefined) return undefined;
  const site = headers["sec-fetch-site"];
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${authority}`) {
    return "called from a page of another origin, which allow_origins in the config does not name";
  }
  if (site !== undefined && site !== "same-origin" && site !== "none") return "called from a page of another site";
  return undefined;
}

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

/** True for `localhost`, 127.0.0.0/8 and ::1, without a port. */
export function isLoopbackHost(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

function isLoopbackAuthority(authority: string | undefined): boolean {
  const match = /^(?:\[(?<v6>[0-9a-f:]+)\]|(?<name>[^:[\]]+))(?::\d{1,5})?$/.exec((authority ?? "").toLowerCase());
  const host = match?.groups?.["v6"] ?? match?.groups?.["name"];
  return host !== undefined && isLoopbackHost(host);
}
