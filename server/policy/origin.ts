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
}

/** What proxies set: `Forwarded`, `Via`, `X-Forwarded-For` and its kin. */
const proxyHeader = /^(?:forwarded|via|x-forwarded-.+)$/;

/**
 * Why a request is refused, in one line; absent when it is not.
 *
 * - A Host that is no loopback name is DNS rebinding: a stranger's page that had its own name point here. Any port will
 *   do, so that a tunnel may end on another one.
 * - A call from another origin's page is refused by `Sec-Fetch-Site`, or by `Origin` where a browser sends only that.
 *   Pages themselves are served from any link.
 * - What came through a proxy is refused: to this server everybody behind it would be on loopback.
 */
export function foreign({ authority, headers, local, guarded }: Provenance): string | undefined {
  if (!local && !isLoopbackAuthority(authority)) {
    return `host ${JSON.stringify(authority ?? "")} is not this server; use localhost or 127.0.0.1`;
  }
  const proxied = Object.keys(headers).find((name) => proxyHeader.test(name) && headers[name] !== undefined);
  if (proxied !== undefined) {
    return `came through a proxy (${proxied}); that needs sign-in and public_url in the config`;
  }
  if (!guarded) return undefined;
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return "called from a page of another site";
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${authority}`) return "called from a page of another origin";
  return undefined;
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
