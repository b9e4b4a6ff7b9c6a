import { cors } from "@connectrpc/connect";

/** Headers that a page may send beside those of Connect and gRPC-Web: who calls, whom a call is for, and which part of a blob is wanted. */
const sent = [
  "authorization",
  "containerd-namespace",
  "containerd-lease",
  "stowage-store",
  "range",
  "if-range",
  "if-none-match",
];

/** Headers that it may read beside those: what is known of a blob's part, and how it comes. */
const read = ["accept-ranges", "content-disposition", "content-length", "content-range", "etag"];

/** Browsers ask again after two hours at most, whatever they are told. */
const maxAgeSeconds = 7200;

const inLowerCase = (names: readonly string[]): string => names.map((name) => name.toLowerCase()).join(", ");

const allowMethods = cors.allowedMethods.join(", ");
const allowHeaders = inLowerCase([...cors.allowedHeaders, ...sent]);
const exposeHeaders = inLowerCase([...cors.exposedHeaders, ...read]);

/**
 * Headers of an answer that a page of another origin may read (Fetch standard, CORS protocol). Nothing says that it may send
 * cookies.
 *
 * @param origin one that is allowed, as the request has it
 */
export function sharedHeaders(origin: string): Readonly<Record<string, string>> {
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": exposeHeaders,
    "cross-origin-resource-policy": "cross-origin",
  };
}

/** Headers of the answer to a preflight: what its page may send. @param origin as sharedHeaders */
export function preflightHeaders(origin: string): Readonly<Record<string, string>> {
  return {
    "access-control-allow-origin": origin,
    "access-control-allow-methods": allowMethods,
    "access-control-allow-headers": allowHeaders,
    "access-control-max-age": String(maxAgeSeconds),
  };
}
