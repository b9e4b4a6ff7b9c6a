import type { Interceptor } from "@connectrpc/connect";
import type { Logger } from "pino";
import { callKey } from "./call.ts";
import { peerKey } from "./identify.ts";
import type { RunningCall, RunningCalls, RunningCallsOptions } from "./running-calls.ts";
import { clientGone, createRunningCalls } from "./running-calls.ts";

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
    const running = calls.begin(request.method, header.get("user-agent"), contextValues.get(peerKey));
    if (!request.stream) running.about(request.message);
    try {
      const call = running.enter(header.get("containerd-namespace"), header.get("containerd-lease"));
      contextValues.set(callKey, call);
      const response = await next(request.stream ? { ...request, message: noting(request.message, running) } : request);
      if (response.stream) return { ...response, message: mapped(response.message, running) };
      running.end();
      return response;
    } catch (thrown) {
      throw running.fail(thrown);
    }
  };

  return { ...calls, interceptor };
}

/** The messages of an answer; what is thrown between them is mapped too. */
async function* mapped<T>(messages: AsyncIterable<T>, running: RunningCall): AsyncGenerator<T> {
  try {
    yield* messages;
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
