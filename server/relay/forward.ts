import type { DescMethod, DescMethodStreaming, DescMethodUnary, Message } from "@bufbuild/protobuf";
import type { HandlerContext, Transport } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { ContentError } from "../../content/errors.ts";
import { Content } from "../../gen/containerd/services/content/v1/content_pb.js";
import type { Call } from "../policy/call.ts";
import { callKey } from "../policy/call.ts";
import { connectionKey } from "../policy/identify.ts";
import { permissionOf } from "../policy/permissions.ts";
import type { StreamPlaces } from "../policy/stream-places.ts";
import { createStreamPlaces } from "../policy/stream-places.ts";
import type { Answer } from "../store-set/implement.ts";
import { narrow } from "./narrow.ts";
import { nodeError } from "./node-error.ts";
import type { Heard } from "./note-writes.ts";
import { noteWrites } from "./note-writes.ts";

/** Where calls are passed on to. */
export interface ForwardOptions {
  /** Of the store, for errors. */
  readonly name: string;
  readonly transport: Transport;
  /** Which store of the node; empty: its default one. */
  readonly store: string;
  /** False: what would change it is refused here. */
  readonly allowsChanges: boolean;
  /** Of this server, for the node's log and for the holders of its refs. */
  readonly version: string;
  /** Told why a call at the node failed. */
  readonly failed: (thrown: unknown) => void;
}

/** So long a node may take for one answer, or for the first of a stream, in milliseconds, where the caller has no deadline. */
const patienceMs = 15_000;

/** Streams that follow what is at a node all go over one connection, which it lets have 100: nobody takes them all. */
const streamsOfNode = { perConnection: 50, perIdentity: 50, overall: 100 } as const;

/** Answers a call by making it at a node. Messages go on as they come, in both directions, and so does their end. */
export function forwardTo(options: ForwardOptions): Answer {
  const places = createStreamPlaces(streamsOfNode);
  return async function* forward(method, requests, context) {
    const call = context.values.get(callKey);
    refuseChange(method, options);
    using _place = placeOf(places, method, context, call);
    const heard = noteWrites(method, call);
    const sent = narrowed(method, requests, call, heard);
    try {
      for await (const answer of callNode(method, sent.messages, context, call, options)) {
        heard.answered(answer);
        yield answer;
      }
    } catch (thrown) {
      if (context.signal.aborted) throw thrown;
      // The node has no part in it, however a transport wraps what its messages throw.
      if (sent.refusal !== undefined) throw sent.refusal;
      options.failed(thrown);
      throw nodeError(options.name, thrown);
    }
  };
}

/** A place for a stream that follows what changes, until it ends or whoever reads it is gone; other calls need none. */
function placeOf(
  places: StreamPlaces,
  { methodKind, parent }: DescMethod,
  { values, signal }: HandlerContext,
  { caller }: Call,
): Disposable | undefined {
  if (methodKind !== "server_streaming" || parent === Content) return undefined;
  const place = places.take(values.get(connectionKey), caller.identity);
  signal.addEventListener("abort", () => place[Symbol.dispose](), { once: true });
  return place;
}

function refuseChange(method: DescMethod, { name, allowsChanges }: ForwardOptions): void {
  if (allowsChanges || permissionOf(method).needs === "reader") return;
  const text = `store ${name} is opened read-only; --allow-changes or allow_changes in the config lets it be changed`;
  throw new ContentError("permission-denied", text);
}

async function* callNode(
  method: DescMethod,
  requests: AsyncIterable<Message>,
  context: HandlerContext,
  call: Call,
  { transport, store, version }: ForwardOptions,
): AsyncGenerator<Message> {
  const { signal } = context;
  const headers = headersFor(call, store, version);
  if (method.methodKind === "unary") {
    for await (const request of requests) {
      const timeoutMs = context.timeoutMs() ?? patienceMs;
      yield (await transport.unary(method as DescMethodUnary, signal, timeoutMs, headers, request)).message;
    }
    return;
  }
  const late = new AbortController();
  // A stream of requests is answered when its client has said enough.
  const timer = method.methodKind === "server_streaming" && setTimeout(() => late.abort(tooLate()), patienceMs);
  const both = AbortSignal.any([signal, late.signal]);
  const answer = await transport
    .stream(method as DescMethodStreaming, both, context.timeoutMs(), headers, requests)
    .finally(() => timer && clearTimeout(timer));
  try {
    yield* answer.message;
  } finally {
    // Connect's iterables cannot be returned from: whoever takes no more of them would leave the call open.
    late.abort();
  }
}

function tooLate(): ConnectError {
  return new ConnectError("it took too long", Code.DeadlineExceeded);
}

/** The messages of a request as the node gets them, and why one of them was refused here. */
function narrowed(method: DescMethod, requests: AsyncIterable<Message>, { access }: Call, heard: Heard) {
  const sent: { readonly messages: AsyncGenerator<Message>; refusal?: unknown } = { messages: each() };

  async function* each(): AsyncGenerator<Message> {
    for await (const request of requests) {
      heard.asked(request);
      yield checked(request);
    }
  }

  function checked(request: Message): Message {
    try {
      return narrow(method, request, access);
    } catch (error) {
      sent.refusal = error;
      throw error;
    }
  }

  return sent;
}

/** Who calls is not known to the node; it may tell it to people, since a user agent is only told and never believed. */
function headersFor({ namespace, lease, caller }: Call, store: string, version: string): Headers {
  const headers = new Headers({ "user-agent": `stowage/${version} for ${agentOf(caller)}` });
  if (namespace !== undefined) headers.set("containerd-namespace", namespace);
  if (lease !== undefined) headers.set("containerd-lease", lease);
  if (store !== "") headers.set("stowage-store", store);
  return headers;
}

function agentOf({ identity, userAgent, address }: Call["caller"]): string {
  return [identity, userAgent].find((known) => known !== "") ?? address;
}
