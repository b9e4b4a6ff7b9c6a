import { create } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import type { Content, WriteContentResponse } from "../../gen/containerd/services/content/v1/content_pb.js";
import { WriteAction, WriteContentResponseSchema } from "../../gen/containerd/services/content/v1/content_pb.js";
import type { ContentService } from "../../gen/stowage/v1/content_pb.js";
import { ContentError, isKind } from "../errors.ts";
import type { Status, WriterOptions } from "../store.ts";
import { int64FromWire, int64ToWire, statusFromWire, timeFromWire, timeToWire } from "../wire.ts";
import { answerOf } from "./call.ts";
import type { WriteChannel, WriteMessage } from "./writer.ts";

/**
 * A call of ContentService.Write for each message, for clients without two-way streams.
 *
 * The ref is locked during a call and free between two: another writer can open it, and go on or start over, without
 * being told of this one. So each message is sent only while the ingest is the one that was opened; that it was
 * dropped or started over is `aborted`, that another writer went on in it is `out-of-range`. The server takes the
 * ingest up anew for each message: large ones are much cheaper than small ones.
 *
 * @param signal cancels the call that is under way; the bytes stay
 */
export function createUnaryChannel(
  content: Client<typeof Content>,
  service: Client<typeof ContentService>,
  headers: Headers,
  { ref, descriptor = {} }: WriterOptions,
  signal?: AbortSignal,
): WriteChannel {
  const options = { headers, signal };
  let startedAt: Date | undefined;

  /** @throws `aborted` when the ingest that was opened is no more */
  async function currentStatus(): Promise<Status> {
    let status: Status | undefined;
    try {
      const answer = await answerOf(content.status({ ref }, options), signal);
      status = answer.status && statusFromWire(answer.status);
    } catch (error) {
      if (!isKind(error, "not-found")) throw error;
    }
    if (status === undefined || status.startedAt.getTime() !== startedAt?.getTime()) throw abortedError(ref);
    return status;
  }

  async function call(message: WriteMessage): Promise<WriteContentResponse> {
    const { response } = await answerOf(service.write({ request: { ...message, ref } }, options), signal);
    if (response === undefined) throw new ContentError("unavailable", "the server answered a write with nothing");
    return response;
  }

  return {
    messageBytes: 4 * 1024 * 1024,
    async send(message: WriteMessage): Promise<WriteContentResponse> {
      if (startedAt === undefined) {
        const opened = await call(message);
        startedAt = timeFromWire(opened.startedAt);
        return opened;
      }
      const status = await currentStatus();
      if (message.action === WriteAction.STAT) return answerFrom(status);
      try {
        return await call({ ...message, ...declared(message, descriptor) });
      } catch (error) {
        // It went between the two calls, and this one began anew.
        if (isKind(error, "out-of-range") && error.facts.offset === 0) throw abortedError(ref);
        throw error;
      }
    },
    async close(): Promise<void> {},
  };
}

/** A message opens the ref anew, so each declares what the first one did, unless it says something else. */
function declared(message: WriteMessage, descriptor: NonNullable<WriterOptions["descriptor"]>): WriteMessage {
  const total = message.total === undefined ? 0 : int64FromWire(message.total, "total");
  return {
    total: int64ToWire(total === 0 ? (descriptor.size ?? 0) : total, "total"),
    expected: message.expected || (descriptor.digest ?? ""),
  };
}

function answerFrom(status: Status): WriteContentResponse {
  return create(WriteContentResponseSchema, {
    action: WriteAction.STAT,
    startedAt: timeToWire(status.startedAt),
    updatedAt: timeToWire(status.updatedAt),
    offset: int64ToWire(status.offset, "offset"),
    total: int64ToWire(status.total, "total"),
  });
}

function abortedError(ref: string): ContentError {
  return new ContentError("aborted", `ingest of ref ${ref} was aborted`);
}
