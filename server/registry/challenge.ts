/** How a registry wants to be asked (RFC 9110 11.6.1). */
export interface Challenge {
  /** In lower case, such as `bearer`. */
  readonly scheme: string;
  /** By name, in lower case. */
  readonly params: Readonly<Record<string, string>>;
}

/** Characters of the header that are looked at. */
const maxLength = 4096;

const param = /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))\s*(?:,\s*|$)/gy;

/** The challenge of a `WWW-Authenticate` header; of several, the first. Undefined for what is none. */
export function parseChallenge(header: string): Challenge | undefined {
  const text = header.slice(0, maxLength);
  const [start = "", scheme = ""] = /^\s*([\w-]+)(?:\s+|$)/.exec(text) ?? [];
  if (scheme === "") return undefined;
  const params: Record<string, string> = {};
  param.lastIndex = start.length;
  for (let found = param.exec(text); found !== null; found = param.exec(text)) {
    const [, name = "", quoted, plain = ""] = found;
    params[name.toLowerCase()] ??= quoted === undefined ? plain : quoted.replace(/\\(.)/g, "$1");
  }
  return { scheme: scheme.toLowerCase(), params };
}
