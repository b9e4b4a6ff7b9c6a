import type { Client } from "@connectrpc/connect";
import type { Content } from "../../gen/containerd/services/content/v1/content_pb.js";
import type { Digest } from "../digest.ts";
import { ContentError } from "../errors.ts";
import type { ReaderAt } from "../store.ts";
import { int64FromWire, int64ToWire } from "../wire.ts";
import { messagesOf } from "./call.ts";

/**
 * A blob read over the wire (containerd's content/proxy/content_reader.go).
 *
 * Nothing is held between reads: unlike a local reader, it does not outlive the blob's deletion, only a read that has
 * begun does. What the peer sends is counted, and a short, long or misplaced answer is `data-loss`.
 *
 * @param size of the blob in bytes, from its Info
 * @param signal ends every read
 */
export function createRemoteReader(
  client: Client<typeof Content>,
  headers: Headers,
  digest: Digest,
  size: number,
  signal?: AbortSignal,
): ReaderAt {
  let closed = false;

  async function* read(offset: number, length = size, signalOfRead?: AbortSignal): AsyncGenerator<Uint8Array> {
    if (closed) throw new ContentError("failed-precondition", "reader is closed");
    // Below zero is zero for the wire, and zero bytes are all of them: neither can be asked for.
    if (offset < 0) throw new ContentError("out-of-range", `read at offset ${offset} before the start`);
    if (offset > size) throw new ContentError("out-of-range", `read past object length ${size} bytes`);
    const wanted = Math.min(length, size - offset);
    if (wanted <= 0) return;
    const request = { digest, offset: int64ToWire(offset, "offset"), size: int64ToWire(wanted, "size") };
    const answers = messagesOf((s) => client.read(request, { headers, signal: s }), either(signal, signalOfRead));
    let got = 0;
    for await (const answer of answers) {
      const place = int64FromWire(answer.offset, "offset");
      if (place !== got) {
        throw new ContentError("data-loss", `content ${digest}: got bytes at ${place}, want bytes at ${got}`);
      }
      got += answer.data.length;
      if (got > wanted) throw lengthError(digest, got, wanted);
      if (answer.data.length > 0) yield answer.data;
    }
    if (got < wanted) throw lengthError(digest, got, wanted);
  }

  const close = async () => {
    closed = true;
  };
  return { size, read, close, [Symbol.asyncDispose]: close };
}

function lengthError(digest: Digest, got: number, wanted: number): ContentError {
  return new ContentError("data-loss", `content ${digest}: got ${got} bytes, want ${wanted}`);
}

function either(a: AbortSignal | undefined, b: AbortSignal | undefined): AbortSignal | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return AbortSignal.any([a, b]);
}
