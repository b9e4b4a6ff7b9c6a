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
  const bearer = /^bearer +(?<token>\S+) *$/i.exec((headers.get("authorization") ?? "").slice(0, maxLength));
  const token = bearer?.groups?.["token"];
  return { ...(token !== undefined && { bearer: token }), cookies: cookiesOf(headers) };
}

function cookiesOf(headers: CallHeaders): ReadonlyMap<string, string> {
  const site = headers.get("sec-fetch-site") ?? "none";
  if (site !== "none" && site !== "same-origin") return new Map();
  // HTTP/2 may send each cookie in a header of its own, and those are joined by commas or semicolons.
  const pairs = (headers.get("cookie") ?? "").slice(0, maxLength).split(/[;,]/);
  return new Map(
    pairs.flatMap((pair): [string, string][] => {
      const at = pair.indexOf("=");
      return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]];
    }),
  );
}
