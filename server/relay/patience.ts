import type { DescMethod } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { Content } from "../../gen/containerd/services/content/v1/content_pb.js";
import { Events } from "../../gen/containerd/services/events/v1/events_pb.js";
import type { Presence } from "./presence.ts";

/** Who waits, and how. */
export interface Patience {
  /** So long a node may say nothing before it is asked whether it is there, in milliseconds. */
  readonly quietMs: number;
  readonly presence: Presence;
}

/** What a server uses. */
export const quietMs = 15_000;

/**
 * A transport whose calls end where a node is not there any more. One that is there is waited for, however long a call takes: to collect what
 * nothing leads to, or to hash a blob before a part of it is served. A stream of requests is answered when its client has said enough,
 * events when something happens, and whoever follows a set counts its heartbeats: the connection's own pings do for those.
 */
export function withPatience(transport: Transport, patience: Patience): Transport {
  return {
    async unary(method, signal, ...rest) {
      const late = new AbortController();
      return await whileThere(patience, late, transport.unary(method, either(signal, late), ...rest));
    },
    async stream(method, signal, ...rest) {
      const waits = waitsOf(method);
      if (waits === "for none") return await transport.stream(method, signal, ...rest);
      const late = new AbortController();
      const answer = await whileThere(patience, late, transport.stream(method, either(signal, late), ...rest));
      return waits === "for the first"
        ? answer
        : { ...answer, message: eachWhileThere(patience, late, answer.message) };
    },
  };
}

/** Which answers of a call a node may not be away for. */
function waitsOf(method: DescMethod): "for none" | "for the first" | "for each" {
  if (method.methodKind !== "server_streaming" || method.parent === Events) return "for none";
  return method.parent === Content ? "for each" : "for the first";
}

function either(signal: AbortSignal | undefined, { signal: late }: AbortController): AbortSignal {
  return signal === undefined ? late : AbortSignal.any([signal, late]);
}

/**
 * What comes from a node, piece by piece, for as long as it is there. The time that is taken with a piece does not count.
 *
 * @param late aborted where the node is not there: what is waited for has to end with it
 */
export async function* eachWhileThere<T>(
  patience: Patience,
  late: AbortController,
  pieces: AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const iterator = pieces[Symbol.asyncIterator]();
  for (;;) {
    const next = await whileThere(patience, late, iterator.next());
    if (next.done === true) return;
    yield next.value;
  }
}

/** An answer of a node that is waited for as long as it is there. @param late as of eachWhileThere */
export async function whileThere<T>(
  { quietMs, presence }: Patience,
  late: AbortController,
  answer: Promise<T>,
): Promise<T> {
  let isWaiting = true;
  let timer: NodeJS.Timeout | undefined;
  const ask = async (): Promise<void> => {
    const isThere = await presence.ask();
    if (!isWaiting) return;
    if (isThere) wait();
    else late.abort(new ConnectError("it took too long", Code.Unavailable));
  };
  const wait = (): void => {
    timer = setTimeout(() => void ask(), quietMs);
  };
  wait();
  try {
    return await answer;
  } finally {
    isWaiting = false;
    clearTimeout(timer);
  }
}
