import type { CallHeaders } from "./headers.ts";

/** What a call shows of who makes it. */
export interface Credentials {
  /** From `authorization: Bearer …`; absent: none. */
  readonly bearer?: string;
  /** Cookies by their names. None where a page of another origin calls: a browser may send them all the same. */
  readonly cookies: ReadonlyMap<string, string>;
}

/** Characters of a header that are looked at. */
const maxLength = 8192;

/** What the headers of a call show. */
export function credentialsOf(headers: CallHeaders): Credentials {
  const bearer = bearerOf(headers.get("authorization"));
  const cookies = cookiesOf(headers);
  return bearer === undefined ? { cookies } : { bearer, cookies };
}

function bearerOf(authorization: string | null): string | undefined {
  if (authorization === null) return undefined;
  return /^bearer +(?<token>\S+) *$/i.exec(authorization.slice(0, maxLength))?.groups?.["token"];
}

const noCookies: ReadonlyMap<string, string> = new Map();

function cookiesOf(headers: CallHeaders): ReadonlyMap<string, string> {
  const header = headers.get("cookie");
  if (header === null) return noCookies;
  const site = headers.get("sec-fetch-site") ?? "none";
  if (site !== "none" && site !== "same-origin") return noCookies;
  // HTTP/2 may send each cookie in a header of its own; Node joins those by semicolons. A comma is part of a value, and that of another
  // cookie may be a neighbour's of this host.
  const pairs = header.slice(0, maxLength).split(";");
  return new Map(
    pairs.flatMap((pair): [string, string][] => {
      const at = pair.indexOf("=");
      return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]];
    }),
  );
}
