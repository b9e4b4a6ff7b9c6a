import { loginPath } from "./login-path.ts";

/** Where signing in leads to that was asked for by nothing. */
const firstPage = "/content";

/** The address of Login, which leads back to this one. */
export function loginHref({ pathname, search, hash }: Pick<Location, "pathname" | "search" | "hash">): string {
  const from = pathname + search + hash;
  return pathname === loginPath ? loginPath : `${loginPath}?from=${encodeURIComponent(from)}`;
}

/**
 * Where Login leads back to: a path of this origin, with its query and fragment. Anything else, which a link of another site could
 * name, is the first page.
 *
 * @param from as it stands in the address
 * @param origin such as `http://127.0.0.1:3000`
 */
export function pathOf(from: string | null, origin: string): string {
  if (!from?.startsWith("/") || !URL.canParse(from, origin)) return firstPage;
  const { origin: its, pathname, search, hash } = new URL(from, origin);
  // Two slashes at its begin would make another host of it, once a browser reads it again.
  if (its !== origin || pathname.startsWith("//") || pathname === loginPath) return firstPage;
  return pathname + search + hash;
}
