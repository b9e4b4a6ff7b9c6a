import type { DescMessage } from "@bufbuild/protobuf";
import type { Interceptor, StreamRequest } from "@connectrpc/connect";
import { createContextKey } from "@connectrpc/connect";
import type { Logger } from "pino";
import { callKey } from "./call.ts";
import { boundBy, endedWith } from "./ended.ts";
import type { Arrival, RunningCall, RunningCalls, RunningCallsOptions } from "./running-calls.ts";
import { clientGone, createRunningCalls } from "./running-calls.ts";

/** What a listener sets on every call; absent: it comes from this process. */
export const arrivalKey = createContextKey<Arrival | undefined>(undefined, { description: "the call as it arrived" });

/** What stands between every call and the services. */
export interface Policy extends RunningCalls {
  /** Makes the Call, turns what a service throws into what the client gets, writes one log line a call. */
  readonly interceptor: Interceptor;
}

/** The policy of a server. Calls are counted from their first message on until their last one was taken. */
export function createPolicy(logger: Logger, options: RunningCallsOptions = {}): Policy {
  const calls = createRunningCalls(logger, options);

  const interceptor: Interceptor = (next) => async (request) => {
    const { header, contextValues } = request;
    const running = calls.begin(contextValues.get(arrivalKey) ?? calls.arrive(request.method, header, ""));
    if (!request.stream) running.about(request.message);
    try {
      const call = running.enter(header);
      contextValues.set(callKey, call);
      const { ended } = call.access;
      using bound = boundBy(request.signal, request.stream ? undefined : ended);
      const { signal } = bound;
      const response = await next(request.stream ? untilEnded(request, running, ended) : { ...request, signal });
      if (response.stream) return { ...response, message: mapped(response.message, running, ended) };
      running.end();
      return response;
    } catch (thrown) {
      throw running.fail(thrown);
    }
  };

  return { ...calls, interceptor };
}

/** A stream that ends for its service once its caller may not go on. */
function untilEnded<I extends DescMessage, O extends DescMessage>(
  request: StreamRequest<I, O>,
  running: RunningCall,
  ended: AbortSignal | undefined,
): StreamRequest<I, O> {
  const message = noting(request.message, running);
  if (ended === undefined) return { ...request, message };
  return { ...request, message: endedWith(message, ended), signal: AbortSignal.any([request.signal, ended]) };
}

/** The messages of an answer; what is thrown between them is mapped too. @param ended why they end before their time */
async function* mapped<T>(
  messages: AsyncIterable<T>,
  running: RunningCall,
  ended: AbortSignal | undefined,
): AsyncGenerator<T> {
  try {
    yield* ended === undefined ? messages : endedWith(messages, ended);
    running.end();
  } catch (thrown) {
    throw running.fail(thrown);
  } finally {
    // Only where neither came first.
    running.end(clientGone);
  }
}

/** The messages of a request; the first one says what the call is about. */
async function* noting<T>(messages: AsyncIterable<T>, running: RunningCall): AsyncGenerator<T> {
  let first = true;
  for await (const message of messages) {
    if (first && typeof message === "object" && message !== null) running.about(message);
    first = false;
    yield message;
  }
}
