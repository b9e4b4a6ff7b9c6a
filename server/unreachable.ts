/** What is said of a connection that ended before an answer did. */
export const connectionCut = "the connection was cut";

/** By the code of the system's error. */
const texts: Readonly<Record<string, string>> = {
  EACCES: "this server may not open it (permission denied)",
  EPERM: "this server may not open it (operation not permitted)",
  ECONNREFUSED: "nobody listens there (connection refused)",
  ECONNRESET: connectionCut,
  EHOSTUNREACH: "there is no way to its host",
  ENOENT: "it is not there (no such file)",
  ENOTFOUND: "its host is not known",
  ENOTSOCK: "it is no socket",
  EPIPE: connectionCut,
  EPROTOTYPE: "it is no socket of a server",
  ERR_HTTP2_ERROR: "what answers there does not speak gRPC",
  ETIMEDOUT: "the connection took too long",
};

/** Causes that are looked through. */
const maxCauses = 8;

/**
 * Why a server elsewhere cannot be reached, in words that name no path of a disk and no address.
 *
 * @returns absent where no system error is among the causes, or one of which nothing is to be said
 */
export function unreachableText(error: unknown): string | undefined {
  let at = error;
  for (let depth = 0; depth < maxCauses && at instanceof Error; depth += 1) {
    if ("code" in at && typeof at.code === "string" && Object.hasOwn(texts, at.code)) return texts[at.code];
    at = at.cause;
  }
  return undefined;
}
