import type { DescMethod } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel as Idempotency } from "@bufbuild/protobuf/wkt";
import type { Interceptor, StreamRequest, UnaryRequest } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Logger } from "pino";
import { toConnectError, toContentError } from "../../content/wire.ts";
import type { Call } from "./call.ts";
import { callKey } from "./call.ts";
import { beginCall, peerKey, withScope } from "./identify.ts";
import type { Subject } from "./subject.ts";
import { subjectOf } from "./subject.ts";

/** What stands between every call and the services. */
export interface Policy {
  /** Makes the Call, turns what a service throws into what the client gets, writes one log line a call. */
  readonly interceptor: Interceptor;
  /** Settles when no call is under way. */
  idle(): Promise<void>;
}

/** Failures that are the server's: somebody should look. */
const codesOfTheServer: readonly Code[] = [Code.Internal, Code.DataLoss, Code.ResourceExhausted, Code.Unknown];

/** What is known of a call that is under way. */
interface Running {
  call: Call;
  subject: Subject;
  readonly method: DescMethod;
  readonly startedAt: number;
}

/** The policy of a server. Calls are counted from their first message on until their last one was taken. */
export function createPolicy(logger: Logger): Policy {
  const running = new Set<Running>();
  const waiting: (() => void)[] = [];

  const finish = (one: Running, error?: ConnectError): void => {
    if (!running.delete(one)) return;
    logCall(logger, one, error);
    if (running.size === 0) for (const resolve of waiting.splice(0)) resolve();
  };
  const fail = (one: Running, thrown: unknown): ConnectError => {
    const error = answerTo(thrown, one.call, logger);
    finish(one, error);
    return error;
  };

  const interceptor: Interceptor = (next) => async (request) => {
    const one = begin(request);
    running.add(one);
    try {
      one.call = scoped(one.call, request.header);
      request.contextValues.set(callKey, one.call);
      const response = await next(request.stream ? { ...request, message: noting(request.message, one) } : request);
      if (response.stream) return { ...response, message: mapped(response.message, one) };
      finish(one);
      return response;
    } catch (thrown) {
      throw fail(one, thrown);
    }
  };

  /** The messages of an answer; what is thrown between them is mapped too. */
  async function* mapped<T>(messages: AsyncIterable<T>, one: Running): AsyncGenerator<T> {
    let error: ConnectError | undefined = stopped;
    try {
      yield* messages;
      error = undefined;
    } catch (thrown) {
      error = answerTo(thrown, one.call, logger);
      throw error;
    } finally {
      finish(one, error);
    }
  }

  return {
    interceptor,
    idle: () => (running.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}

/** How a call ended whose client took no more messages. */
const stopped = new ConnectError("the client is gone", Code.Canceled);

function begin(request: UnaryRequest | StreamRequest): Running {
  return {
    call: beginCall(request.header.get("user-agent"), request.contextValues.get(peerKey)),
    subject: request.stream ? {} : subjectOf(request.message),
    method: request.method,
    startedAt: performance.now(),
  };
}

function scoped(call: Call, header: Headers): Call {
  return withScope(call, header.get("containerd-namespace"), header.get("containerd-lease"));
}

/** The messages of a request; the first one says what the call is about. */
async function* noting<T>(messages: AsyncIterable<T>, one: Running): AsyncGenerator<T> {
  let first = true;
  for await (const message of messages) {
    if (first && typeof message === "object" && message !== null) one.subject = subjectOf(message);
    first = false;
    yield message;
  }
}

/** What the client gets for whatever was thrown. What Connect itself refuses is passed on. */
function answerTo(thrown: unknown, call: Call, logger: Logger): ConnectError {
  if (thrown instanceof ConnectError) return thrown;
  const error = toContentError(thrown, call.id);
  if (error.kind === "internal") logger.error({ call: call.id, err: thrown }, "internal error");
  return toConnectError(error);
}

function logCall(logger: Logger, { call, subject, method, startedAt }: Running, error: ConnectError | undefined): void {
  const line = {
    call: call.id,
    method: `${method.parent.typeName}/${method.name}`,
    namespace: call.namespace,
    ...subject,
    code: error === undefined ? "ok" : Code[error.code],
    ms: Math.round(performance.now() - startedAt),
    ...(error !== undefined && { error: error.rawMessage }),
  };
  if (error !== undefined && codesOfTheServer.includes(error.code)) logger.warn(line, "call failed");
  else if (isRead(method)) logger.debug(line, "call");
  else logger.info(line, "call");
}

/** Streams of answers only follow; everything else says of itself that it has no side effects. */
function isRead(method: DescMethod): boolean {
  return method.methodKind === "server_streaming" || method.idempotency === Idempotency.NO_SIDE_EFFECTS;
}
