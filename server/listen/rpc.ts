import { ConnectError, createConnectRouter, createContextValues } from "@connectrpc/connect";
import type { UniversalHandler } from "@connectrpc/connect/protocol";
import { compressionGzip, universalRequestFromNodeRequest } from "@connectrpc/connect-node";
import type { Logger } from "pino";
import type { Service } from "../plugins/service.ts";
import { headersFrom } from "../policy/headers.ts";
import { connectionKey } from "../policy/identify.ts";
import type { Policy } from "../policy/interceptor.ts";
import { arrivalKey } from "../policy/interceptor.ts";
import type { Arrival } from "../policy/running-calls.ts";
import { sendAnswer } from "./answer.ts";
import { guardHalfSent } from "./half-sent.ts";
import { limits } from "./limits.ts";
import type { Request, Response } from "./request.ts";
import { cut } from "./request.ts";
import { hasEnvelopes, unread } from "./unread.ts";

/** Answers calls over gRPC, gRPC-Web and Connect. */
export interface Rpc {
  /** True where the path is one of a method that is served. */
  serves(path: string): boolean;
  /** @param peer where the call comes from, for people */
  answer(path: string, request: Request, response: Response, peer: string): void;
  /** Which services are served, by their full names. */
  readonly services: ReadonlySet<string>;
}

/** @param shutdown ends calls that still run when it aborts, with its reason */
export function createRpc(services: readonly Service[], policy: Policy, shutdown: AbortSignal, logger: Logger): Rpc {
  const router = createConnectRouter({
    interceptors: [policy.interceptor],
    readMaxBytes: limits.messageBytes,
    writeMaxBytes: limits.messageBytes,
    acceptCompression: [compressionGzip],
    shutdownSignal: shutdown,
  });
  for (const service of services) service.register(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  return {
    services: new Set(router.handlers.map((handler) => handler.service.typeName)),
    serves: (path) => handlers.has(path),
    answer(path, request, response, peer) {
      const handler = handlers.get(path);
      if (handler === undefined) throw new Error(`no handler for ${path}`);
      const arrival = policy.arrive(handler.method, headersFrom(request.headers), peer);
      answerCall(handler, request, response, arrival).catch((error: unknown) => {
        // A client that goes away in the middle of an answer is ordinary: containerd's reader does so with every read.
        logger.debug({ path, reason: ConnectError.from(error).rawMessage }, "call was cut");
        cut(response);
      });
    },
  };
}

async function answerCall(
  handler: UniversalHandler,
  request: Request,
  response: Response,
  arrival: Arrival,
): Promise<void> {
  const connection = "stream" in request ? request.stream.session : request.socket;
  const values = createContextValues().set(arrivalKey, arrival).set(connectionKey, connection);
  const universal = universalRequestFromNodeRequest(request, response, undefined, values);
  if (arrival.refusal !== undefined) return sendAnswer(await handler(unread(universal)), response);
  const body = universal.body as AsyncIterable<Uint8Array>;
  const enveloped = hasEnvelopes(universal.header);
  const guarded = guardHalfSent(body, enveloped, () => cut(response));
  await sendAnswer(await handler({ ...universal, body: guarded }), response);
}
