import { create } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import { createWritableIterable } from "@connectrpc/connect/protocol";
import type {
  Content,
  WriteContentRequest,
  WriteContentResponse,
} from "../../gen/containerd/services/content/v1/content_pb.js";
import { WriteContentRequestSchema } from "../../gen/containerd/services/content/v1/content_pb.js";
import { ContentError } from "../errors.ts";
import { fromConnectError } from "../wire.ts";
import type { WriteChannel, WriteMessage } from "./writer.ts";

/** How long a close waits for the server to end the call, so that the ref is free, before it cuts it. */
const closeTimeoutMs = 5_000;

/**
 * One call of Content.Write, kept open: the server holds the ref's lock until it ends. Needs a transport with two-way
 * streams (HTTP/2; not fetch in a browser).
 *
 * @param signal cuts the call, whatever is under way; the bytes stay
 */
export function createStreamChannel(
  client: Client<typeof Content>,
  headers: Headers,
  signal?: AbortSignal,
): WriteChannel {
  const cut = new AbortController();
  const requests = createWritableIterable<WriteContentRequest>();
  const answers = client
    .write(requests, { headers, signal: signal === undefined ? cut.signal : AbortSignal.any([signal, cut.signal]) })
    [Symbol.asyncIterator]();

  /** Reads what is left of the call; however it ends, it has ended. */
  async function drain(): Promise<void> {
    try {
      while ((await answers.next()).done !== true);
    } catch {
      return;
    }
  }

  return {
    messageBytes: 1024 * 1024,
    async send(message: WriteMessage): Promise<WriteContentResponse> {
      const answer = answers.next();
      // A server that ends the call reads no more; why it did is in the answer.
      requests.write(create(WriteContentRequestSchema, message)).catch(() => undefined);
      let result: IteratorResult<WriteContentResponse>;
      try {
        result = await answer;
      } catch (error) {
        throw fromConnectError(error, signal);
      }
      if (result.done === true) throw new ContentError("unavailable", "the server ended the write without an answer");
      return result.value;
    },
    async close(): Promise<void> {
      requests.close();
      const timer = setTimeout(() => cut.abort(), closeTimeoutMs);
      await drain();
      clearTimeout(timer);
      cut.abort();
    },
  };
}
