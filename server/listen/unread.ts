import type { UniversalServerRequest } from "@connectrpc/connect/protocol";

/** An empty message as gRPC and Connect's streams frame it: no flags, no bytes. */
const emptyEnvelope = new Uint8Array(5);

/** True where messages are framed; false where the body is one message. */
export function hasEnvelopes(header: Headers): boolean {
  return /^application\/(?:grpc|connect\+)/.test(header.get("content-type") ?? "");
}

/**
 * The same call with an empty message in the place of its own, for one who is refused whatever they ask: not a byte of theirs is
 * kept, inflated or parsed, and the refusal still has the form that their protocol wants.
 */
export function unread(request: UniversalServerRequest): UniversalServerRequest {
  const header = new Headers(request.header);
  // Both are of the body that was sent.
  header.delete("content-length");
  header.delete("content-encoding");
  return { ...request, header, body: emptyBody(header) };
}

async function* emptyBody(header: Headers): AsyncGenerator<Uint8Array> {
  if (hasEnvelopes(header)) yield emptyEnvelope;
  else if (/^application\/json/.test(header.get("content-type") ?? "")) yield new TextEncoder().encode("{}");
}
