import type { DescMethod } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel as Idempotency } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Logger } from "pino";
import type { ContentError } from "../../content/errors.ts";
import { toConnectError, toContentError } from "../../content/wire.ts";
import type { Admission } from "./admit.ts";
import { placed, withCaller } from "./admit.ts";
import type { Call } from "./call.ts";
import type { CallAudit } from "./call-audit.ts";
import type { CallMeter } from "./call-meter.ts";
import type { Facts } from "./facts.ts";
import type { CallHeaders } from "./headers.ts";
import { asBackend, beginCall } from "./identify.ts";
import { permissionOf, requireRole } from "./permissions.ts";
import { maxKept, subjectOf } from "./subject.ts";

/** A call of which nothing but the headers is there. */
export interface Arrival {
  readonly method: DescMethod;
  readonly call: Call;
  /** Why it is not known who calls, where that has to be: nothing of the request has to be read. */
  readonly refusal?: ContentError;
}

/** A call that is under way, until its first `end` or `fail`. */
export interface RunningCall {
  /**
   * Find out what the call is, and whether it may be made; services are given that.
   *
   * @throws its refusal, and why its caller may not go on; what placed and requireRole throw
   */
  enter(headers: CallHeaders): Call;
  /** Say what it is about, for its log line. @param request its first message */
  about(request: object): void;
  /** It is over. @param error what its client gets; absent: it went well */
  end(error?: ConnectError): void;
  /**
   * It is over because of whatever was thrown.
   *
   * @returns what its client gets: why they may not go on, where they may not; what Connect itself refuses is passed on
   */
  fail(thrown: unknown): ConnectError;
}

/** The calls of a server, whatever way they come in. */
export interface RunningCalls {
  /** Find out who calls. @param peer where the call comes from, for people */
  arrive(method: DescMethod, headers: CallHeaders, peer: string): Arrival;
  /** A call begins. */
  begin(arrival: Arrival): RunningCall;
  /**
   * Settles when no call is under way, or after so many milliseconds: a handler that heeds no signal is then named in the
   * log, and not waited for any more.
   */
  idle(patienceMs: number): Promise<void>;
}

/** How a call ended whose client took no more messages. */
export const clientGone = new ConnectError("the client is gone", Code.Canceled);

/** Failures that are the server's: somebody should look. */
export const codesOfTheServer: readonly Code[] = [Code.Internal, Code.DataLoss, Code.ResourceExhausted, Code.Unknown];

/** What is known of a call that is under way. */
interface Running {
  call: Call;
  /** The request, or what of it the log line shows: that is found out only for lines that are written. */
  request: object;
  readonly method: DescMethod;
  readonly startedAt: number;
  /** What its service noted; absent: nothing, or nobody records it. */
  facts?: Facts;
}

/** How calls are kept. */
export interface RunningCallsOptions extends Admission {
  /** Absent: they are not counted. */
  readonly meter?: Pick<CallMeter, "begin" | "end">;
  /** Absent: changes are not recorded. */
  readonly audit?: CallAudit;
}

/** Keeps the calls of a server, and writes one log line a call. */
export function createRunningCalls(logger: Logger, options: RunningCallsOptions = {}): RunningCalls {
  const { namespace, meter, audit } = options;
  const running = new Set<Running>();
  const waiting = new Set<() => void>();

  function finish(one: Running, error?: ConnectError): void {
    if (!running.delete(one)) return;
    const ms = performance.now() - one.startedAt;
    meter?.end(one.method, error?.code, ms);
    logCall(logger, one, ms, error);
    if (audit?.covers(one.method)) record(audit, one, error);
    if (running.size === 0) for (const resolve of waiting) resolve();
  }

  return {
    arrive(method, headers, peer) {
      const call = withCaller(beginCall(headers.get("user-agent"), peer), headers, options);
      const refusal = permissionOf(method).needs === "open" ? undefined : call.refused;
      return { method, call, ...(refusal && { refusal }) };
    },
    begin({ method, call, refusal }) {
      const one: Running = { call, request: {}, method, startedAt: performance.now() };
      if (audit?.covers(method)) one.call = { ...one.call, note: (facts) => noteFacts(one, facts) };
      running.add(one);
      meter?.begin(method);
      return {
        enter(headers) {
          const permission = permissionOf(method);
          if (refusal !== undefined) throw refusal;
          // A request may take its time to come, and who sends it may be let in no more by then.
          one.call.access.ended?.throwIfAborted();
          // Where it goes is in the log, also where it may not be made.
          one.call =
            namespace === undefined
              ? placed(one.call, headers, permission, options)
              : asBackend(one.call, namespace, options.storeName?.(""));
          requireRole(one.call.access, permission);
          return one.call;
        },
        about(request) {
          // A stream of requests goes on for long, and its first message holds data.
          one.request = method.methodKind === "bidi_streaming" ? subjectOf(request, maxKept) : request;
        },
        end: (error) => finish(one, error),
        fail(thrown) {
          const { ended } = one.call.access;
          const found = answerTo(thrown, one.call, logger);
          const error = ended?.aborted === true ? answerTo(ended.reason, one.call, logger) : found;
          finish(one, error);
          return error;
        },
      };
    },
    async idle(patienceMs) {
      if (running.size === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(() => {
        const methods = [...running].map(({ method }) => `${method.parent.typeName}/${method.name}`);
        logger.warn({ calls: running.size, methods: [...new Set(methods)] }, "calls did not end; not waited for");
        resolve();
      }, patienceMs);
      waiting.add(resolve);
      await promise;
      waiting.delete(resolve);
      clearTimeout(timer);
    },
  };
}

function noteFacts(one: Running, facts: Facts): void {
  one.facts = { ...one.facts, ...facts };
}

function record(audit: CallAudit, { call, method, request, facts }: Running, error: ConnectError | undefined): void {
  audit.end({ method, call, subject: subjectOf(request, maxKept), facts, ...(error && { error }) });
}

function answerTo(thrown: unknown, call: Call, logger: Logger): ConnectError {
  if (thrown instanceof ConnectError) return thrown;
  const error = toContentError(thrown, call.id);
  if (error.kind === "internal") logger.error({ call: call.id, err: thrown }, "internal error");
  return toConnectError(error);
}

function logCall(
  logger: Logger,
  { call, request, method }: Running,
  ms: number,
  error: ConnectError | undefined,
): void {
  const failed = error !== undefined && codesOfTheServer.includes(error.code);
  const level = failed ? "warn" : isRead(method) ? "debug" : "info";
  if (!logger.isLevelEnabled(level)) return;
  const line = {
    call: call.id,
    ...(call.store !== "" && { store: call.store }),
    method: `${method.parent.typeName}/${method.name}`,
    ...(call.caller.identity !== "" && { who: call.caller.identity }),
    namespace: call.namespace,
    ...subjectOf(request),
    code: error === undefined ? "ok" : Code[error.code],
    ms: Math.round(ms),
    ...(error !== undefined && { error: error.rawMessage }),
  };
  logger[level](line, failed ? "call failed" : "call");
}

/** Streams of answers only follow; everything else says of itself that it has no side effects. */
function isRead(method: DescMethod): boolean {
  return method.methodKind === "server_streaming" || method.idempotency === Idempotency.NO_SIDE_EFFECTS;
}
