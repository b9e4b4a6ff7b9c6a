import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Call } from "../../policy/call.ts";
import { callKey } from "../../policy/call.ts";
import { endedWith } from "../../policy/ended.ts";
import { headersFrom } from "../../policy/headers.ts";
import type { Arrival, RunningCall } from "../../policy/running-calls.ts";
import { clientGone } from "../../policy/running-calls.ts";
import { Answers } from "./answers.ts";
import type { CallContext } from "./call-context.ts";
import type { GrpcMethod } from "./method.ts";
import { RequestMessages } from "./requests.ts";

/** A call on a stream of HTTP/2. */
export interface DirectCall {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly method: GrpcMethod;
  readonly context: CallContext;
  readonly arrival: Arrival;
  /** Make the call known to policy. */
  begin(): RunningCall;
}

/** A call with both its directions. */
interface TwoWay extends DirectCall {
  readonly requests: RequestMessages;
  readonly answers: Answers;
}

type Unary = Extract<GrpcMethod["spec"], { kind: "unary" }>;
type Streaming = Exclude<GrpcMethod["spec"], { kind: "unary" }>;

/** Answer a call to its end. @returns settled once its service is done; it does not reject */
export async function answerCall(call: DirectCall): Promise<void> {
  const { stream, method, context } = call;
  const requests = new RequestMessages(stream, method.parse, method.spec.kind !== "bidi_streaming");
  const answers = new Answers(stream, context);
  let done = false;
  stream.on("error", () => undefined);
  stream.once("close", () => {
    if (done) return;
    context.abort(clientGone);
    requests.lose(clientGone);
  });
  try {
    const twoWay = { ...call, requests, answers };
    if (method.spec.kind === "unary") await answerOnce(twoWay, method.spec);
    else await answerMany(twoWay, method.spec);
    answers.end();
  } catch (thrown) {
    answers.end(thrown instanceof ConnectError ? thrown : new ConnectError("internal error", Code.Internal));
  } finally {
    done = true;
    requests.close();
    context.end();
  }
}

/** One request, one answer. Policy hears of it once the request is there, as Connect's interceptors do, or need not be. */
async function answerOnce(call: TwoWay, { impl }: Unary): Promise<void> {
  const { method, context, requests, answers, arrival } = call;
  if (arrival.refusal !== undefined) throw call.begin().fail(arrival.refusal);
  const request = await requests.only("unary");
  const running = call.begin();
  running.about(request);
  try {
    const { ended } = enter(call, running).access;
    using _ending = abortWith(context, ended);
    const answer = await impl(request, context);
    running.end();
    answers.send(method.frame(answer));
  } catch (thrown) {
    throw running.fail(thrown);
  }
}

/** One request or many, and many answers, as fast as the client takes them. */
async function answerMany(call: TwoWay, spec: Streaming): Promise<void> {
  const { method, answers, context } = call;
  const running = call.begin();
  try {
    const { ended } = enter(call, running).access;
    using _ending = abortWith(context, ended);
    const messages = await answersOf(call, spec, running);
    for await (const answer of ended === undefined ? messages : endedWith(messages, ended)) {
      const sent = answers.send(method.frame(answer));
      if (sent !== undefined) await sent;
      if (answers.gone) throw clientGone;
    }
    running.end();
  } catch (thrown) {
    throw running.fail(thrown);
  }
}

async function answersOf({ context, requests }: TwoWay, spec: Streaming, running: RunningCall) {
  if (spec.kind === "bidi_streaming") return spec.impl(noting(requests, running), context);
  const request = await requests.only("server-streaming");
  running.about(request);
  return spec.impl(request, context);
}

/** The messages of a request; the first one says what the call is about. */
async function* noting(requests: RequestMessages, running: RunningCall): AsyncGenerator<Message> {
  for (let first = true; ; first = false) {
    const message = await requests.next();
    if (message === undefined) return;
    if (first) running.about(message);
    yield message;
  }
}

function enter({ headers, context }: DirectCall, running: RunningCall): Call {
  const call = running.enter(headersFrom(headers));
  context.values.set(callKey, call);
  return call;
}

/** The service is told when its caller may not go on. @param ended absent: they always may */
function abortWith(context: CallContext, ended: AbortSignal | undefined): Disposable {
  const end = (): void => context.abort(new ConnectError("the caller may not go on", Code.Unauthenticated));
  ended?.addEventListener("abort", end, { once: true });
  return { [Symbol.dispose]: () => ended?.removeEventListener("abort", end) };
}
