import type { DescMethod } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { Content } from "../../gen/containerd/services/content/v1/content_pb.js";
import { Events } from "../../gen/containerd/services/events/v1/events_pb.js";

/** How long a node is waited for that hears and does not answer, in milliseconds. */
export interface Patience {
  /** For one answer where the caller has no deadline, and for the first of a stream. */
  readonly answerMs: number;
  /** For the next part of a list or of a blob, and for the first part of a blob: it may be hashed before. */
  readonly partMs: number;
}

/** What a server uses. */
export const nodePatience: Patience = { answerMs: 15_000, partMs: 60_000 };

/**
 * A transport whose calls end where a node does not answer. A stream of requests is answered when its client has said enough, events
 * when something happens, and whoever follows a set counts its heartbeats: those are waited for.
 */
export function withPatience(transport: Transport, patience: Patience = nodePatience): Transport {
  return {
    unary: (method, signal, timeoutMs = patience.answerMs, ...rest) =>
      transport.unary(method, signal, timeoutMs, ...rest),
    async stream(method, signal, timeoutMs, ...rest) {
      const waits = waitsOf(method, patience);
      if (waits === undefined) return await transport.stream(method, signal, timeoutMs, ...rest);
      const late = new AbortController();
      const both = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]);
      const answer = await within(waits.firstMs, late, transport.stream(method, both, timeoutMs, ...rest));
      return waits.nextMs === undefined ? answer : { ...answer, message: partsOf(answer.message, waits.nextMs, late) };
    },
  };
}

/** Absent: a stream is waited for, however long it takes; so is each next message without `nextMs`. */
function waitsOf(
  method: DescMethod,
  { answerMs, partMs }: Patience,
): { readonly firstMs: number; readonly nextMs?: number } | undefined {
  if (method.methodKind !== "server_streaming" || method.parent === Events) return undefined;
  if (method.parent !== Content) return { firstMs: answerMs };
  return { firstMs: method === Content.method.read ? partMs : answerMs, nextMs: partMs };
}

async function* partsOf<T>(
  messages: AsyncIterable<T>,
  ms: number,
  late: AbortController,
): AsyncGenerator<T, void, undefined> {
  const iterator = messages[Symbol.asyncIterator]();
  for (;;) {
    const next = await within(ms, late, iterator.next());
    if (next.done === true) return;
    yield next.value;
  }
}

async function within<T>(ms: number, late: AbortController, answer: Promise<T>): Promise<T> {
  const timer = setTimeout(() => late.abort(new ConnectError("it took too long", Code.Unavailable)), ms);
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
  }
}
