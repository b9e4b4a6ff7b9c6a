import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { parseTimeout } from "@connectrpc/connect/protocol-grpc";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import type { Service } from "../../plugins/service.ts";
import { headersFrom } from "../../policy/headers.ts";
import { connectionKey } from "../../policy/identify.ts";
import type { Policy } from "../../policy/interceptor.ts";
import { answerCall } from "./answer-call.ts";
import { CallContext } from "./call-context.ts";
import { collectMethods } from "./method.ts";

/**
 * Answers calls of the content service that are plain gRPC straight on HTTP/2's streams, at a fraction of what Connect's handlers
 * take. Those answer everything else, and whatever is odd about a call: another encoding, a deadline that is none. What a
 * method does, and what policy says, is the same on both ways.
 */
export interface DirectGrpc {
  /** True for a call that `answer` is for. */
  serves(headers: IncomingHttpHeaders): boolean;
  /** @param peer where the call comes from, for people */
  answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, peer: string): void;
}

/** @param shutdown ends calls that still run when it aborts, with its reason */
export function createDirectGrpc(services: readonly Service[], policy: Policy, shutdown: AbortSignal): DirectGrpc {
  const methods = collectMethods(services, Content);
  const running = new Set<CallContext>();
  shutdown.addEventListener("abort", () => {
    for (const context of running) context.abort(shutdown.reason);
  });
  return {
    serves: (headers) => methods.has(headers[":path"] ?? "") && isPlain(headers),
    answer(stream, headers, peer) {
      const method = methods.get(headers[":path"] ?? "");
      if (method === undefined) throw new Error(`no method for ${headers[":path"]}`);
      const desc = method.spec.method;
      const context = new CallContext(desc, headers, timeoutOf(headers).timeoutMs);
      context.values.set(connectionKey, stream.session);
      running.add(context);
      const arrival = policy.arrive(desc, headersFrom(headers), peer);
      const begin = () => policy.begin(arrival);
      void answerCall({ stream, headers, method, context, arrival, begin }).finally(() => running.delete(context));
    },
  };
}

const plainType = /^application\/grpc(?:\+proto)?$/i;

function isPlain(headers: IncomingHttpHeaders): boolean {
  return (
    headers[":method"] === "POST" &&
    plainType.test(headers["content-type"] ?? "") &&
    (headers["grpc-encoding"] ?? "identity") === "identity" &&
    timeoutOf(headers).error === undefined
  );
}

function timeoutOf(headers: IncomingHttpHeaders): ReturnType<typeof parseTimeout> {
  const timeout = headers["grpc-timeout"];
  return timeout === undefined ? noTimeout : parseTimeout(String(timeout), Number.MAX_SAFE_INTEGER);
}

const noTimeout: ReturnType<typeof parseTimeout> = {};
