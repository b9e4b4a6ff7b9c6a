import type { AccessToken } from "../../content/remote/access.ts";

/** Why a token is not valid any more; undefined: it is. @param nowMs by the server's clock, in milliseconds since 1970 */
export function tokenEnd(
  { revokedAt, expiresAt }: Pick<AccessToken, "revokedAt" | "expiresAt">,
  nowMs: number,
): "revoked" | "expired" | undefined {
  if (revokedAt !== undefined) return "revoked";
  return expiresAt !== undefined && expiresAt.getTime() <= nowMs ? "expired" : undefined;
}
