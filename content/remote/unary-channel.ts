import { base64Encode } from "@bufbuild/protobuf/wire";
import type { Client } from "@connectrpc/connect";
import type { WriteContentResponse } from "../../gen/containerd/services/content/v1/content_pb.js";
import { WriteAction } from "../../gen/containerd/services/content/v1/content_pb.js";
import type { ContentService } from "../../gen/stowage/v1/content_pb.js";
import { ContentError, isKind } from "../errors.ts";
import { isLocked } from "../open-writer.ts";
import type { RetryOptions } from "../retries.ts";
import { createRetries } from "../retries.ts";
import type { WriterOptions } from "../store.ts";
import { int64FromWire, int64ToWire } from "../wire.ts";
import type { CallScope } from "./call.ts";
import { answerOf, headersOf, wanted } from "./call.ts";
import type { HeldRef } from "./held-ref.ts";
import { createMessageSize } from "./message-size.ts";
import type { WriteChannel, WriteMessage } from "./writer.ts";

/** How a unary writer behaves between its calls. */
export interface UnaryOptions {
  /** When and how often a message is sent again that was not answered; absent: as createRetries has it. */
  readonly resend?: RetryOptions;
  /** Refs that are held, kept current: for pages that let go of them as they go away (releaseWriter). Absent: none are kept. */
  readonly held?: Set<HeldRef>;
}

/** How long a close waits for the server, in milliseconds; it lets go by itself later. */
const closeTimeoutMs = 5_000;

/** Bytes of a writer's id. */
const idBytes = 16;

/**
 * A call of ContentService.Write for each message, for clients without two-way streams. The server holds the ref between
 * them, for 30 s after each; what a message holds is measured so that it takes less.
 *
 * A message whose answer does not come is sent again: the server knows the writer by an id, and what took effect already takes
 * none again. So a lost connection, and a server that is started anew, are lived through. The open is sent once: nothing is lost
 * with it.
 *
 * @param signal cancels the call that is under way; the bytes stay
 */
export function createUnaryChannel(
  service: Client<typeof ContentService>,
  scope: CallScope,
  { ref, descriptor = {} }: WriterOptions,
  { resend, held }: UnaryOptions,
  signal?: AbortSignal,
): WriteChannel {
  const headers = headersOf(scope);
  const mine: HeldRef = { ...scope, ref, writerId: randomId() };
  const { writerId } = mine;
  const size = createMessageSize();
  /** Where the writer stands; absent: it is not open yet. */
  let offset: bigint | undefined;
  /** The server may hold the ref. */
  let isHeld = false;

  function hold(wantsHeld: boolean): void {
    isHeld = wantsHeld;
    if (wantsHeld) held?.add(mine);
    else held?.delete(mine);
  }

  async function call(message: WriteMessage): Promise<WriteContentResponse> {
    const answer = await answerOf(
      service.write({ request: { ...message, ref }, writerId }, { headers, signal }),
      signal,
    );
    return wanted(answer.response, (response) => response);
  }

  /** Sends a message until it is answered, by an error too. */
  async function callUntilAnswered(message: WriteMessage): Promise<WriteContentResponse> {
    const retries = createRetries(resend);
    let rest = message;
    for (let first = true; ; first = false) {
      try {
        return await call(rest);
      } catch (error) {
        const left = first ? undefined : unwritten(rest, error);
        if (left === undefined) {
          if (!isKind(error, "unavailable") || isLocked(error)) throw error;
          await retries.waitAfter(error, signal);
        } else rest = left;
      }
    }
  }

  return {
    get messageBytes() {
      return size.bytes;
    },
    async send(message: WriteMessage): Promise<WriteContentResponse> {
      const whole = { offset: offset ?? 0n, ...message, ...declared(message, descriptor) };
      hold(true);
      const begun = performance.now();
      try {
        const answer = await (offset === undefined ? call(whole) : callUntilAnswered(whole));
        if (message.action === WriteAction.COMMIT) hold(false);
        offset = answer.offset;
        size.answered(message.data?.length ?? 0, performance.now() - begun);
        return answer;
      } catch (error) {
        if (isAnswer(error)) hold(false);
        throw isKind(error, "not-implemented") ? noUnaryWrites(error) : error;
      }
    },
    async close(): Promise<void> {
      if (!isHeld) return;
      hold(false);
      const request = { action: WriteAction.STAT, ref };
      // Whatever came of it: the server lets go by itself.
      await service
        .write({ request, writerId, close: true }, { headers, timeoutMs: closeTimeoutMs })
        .catch(() => undefined);
    },
  };
}

/** A server that is started anew may not know the writer: each message declares what the first one did, unless it says something else. */
function declared(message: WriteMessage, descriptor: NonNullable<WriterOptions["descriptor"]>): WriteMessage {
  const total = message.total === undefined ? 0 : int64FromWire(message.total, "total");
  return {
    total: int64ToWire(total === 0 ? (descriptor.size ?? 0) : total, "total"),
    expected: message.expected || (descriptor.digest ?? ""),
  };
}

/**
 * What is left of a message that was sent before: a server that was killed in the middle of it kept a part.
 *
 * @returns absent where the error tells nothing of the kind
 */
function unwritten(message: WriteMessage, error: unknown): WriteMessage | undefined {
  const { offset = 0n, data = new Uint8Array(0) } = message;
  if (!isKind(error, "out-of-range") || error.facts.offset === undefined) return undefined;
  const there = error.facts.offset - int64FromWire(offset, "offset");
  if (there <= 0 || there > data.length) return undefined;
  return { ...message, offset: int64ToWire(error.facts.offset, "offset"), data: data.subarray(there) };
}

/** True for what the server said: it holds nothing then. */
function isAnswer(error: unknown): boolean {
  return !isKind(error, "cancelled") && (!isKind(error, "unavailable") || isLocked(error));
}

function noUnaryWrites(cause: ContentError): ContentError {
  const text = "this server takes no writes from browsers: it has no stowage.v1.ContentService";
  return new ContentError("not-implemented", text, { cause });
}

/** 128 random bits as base64url, without padding. */
function randomId(): string {
  return base64Encode(crypto.getRandomValues(new Uint8Array(idBytes)), "url");
}
