/** Characters of the data directory's id in the name of its cookie. */
const idLength = 8;

/** Browsers take such a cookie from TLS only, and send it to this host alone. */
const hostPrefix = "__Host-";

/** The cookie of a server: its name has a part of its data's id, since a browser sends cookies of one port to all ports. */
export interface SessionCookie {
  /** The secret in a call's cookies; absent: none. */
  read(cookies: ReadonlyMap<string, string>): string | undefined;
  /** Values of `set-cookie` that give the browser a secret, or take it. @param isSecure the browser came over TLS */
  give(secret: string, isSecure: boolean): string;
  take(isSecure: boolean): string;
}

/** @param dataId see readDataId */
export function createSessionCookie(dataId: string): SessionCookie {
  const name = `stowage-${dataId.slice(0, idLength)}`;
  const set = (value: string, isSecure: boolean, more: string): string => {
    const [prefix, secure] = isSecure ? [hostPrefix, "; Secure"] : ["", ""];
    return `${prefix}${name}=${value}; Path=/; HttpOnly; SameSite=Strict${secure}${more}`;
  };
  return {
    read: (cookies) => cookies.get(hostPrefix + name) ?? cookies.get(name),
    give: (secret, isSecure) => set(secret, isSecure, "; Max-Age=604800"),
    take: (isSecure) => set("", isSecure, "; Max-Age=0"),
  };
}
