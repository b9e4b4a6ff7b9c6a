import type { DescMethod, DescMethodStreaming, DescMethodUnary, Message } from "@bufbuild/protobuf";
import type { HandlerContext, Transport } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { ContentError } from "../../content/errors.ts";
import type { Call } from "../policy/call.ts";
import { callKey } from "../policy/call.ts";
import { permissionOf } from "../policy/permissions.ts";
import type { Answer } from "../store-set/implement.ts";
import { onOver, refuseCircle, viaOf } from "../store-set/via.ts";
import { createHeldRoom } from "./held-room.ts";
import { narrow } from "./narrow.ts";
import { nodeError } from "./node-error.ts";
import type { NodePlaces } from "./node-places.ts";
import type { Heard } from "./note-writes.ts";
import { noteWrites } from "./note-writes.ts";

/** Where calls are passed on to. */
export interface ForwardOptions {
  /** Of the store, for errors. */
  readonly name: string;
  /** Of the store, for requests that come back to it. */
  readonly id: string;
  readonly transport: Transport;
  readonly places: NodePlaces;
  /** Which store of the node; empty: its default one. */
  readonly store: string;
  /** False: what would change it is refused here. */
  readonly allowsChanges: boolean;
  /** Of this server, for the node's log and for the holders of its refs. */
  readonly version: string;
  /** Told why a call at the node failed. */
  readonly failed: (thrown: unknown) => void;
}

/** Answers a call by making it at a node. Messages go on as they come, in both directions, and so does their end. */
export function forwardTo(options: ForwardOptions): Answer {
  const { places } = options;
  const room = createHeldRoom(options.name);
  return async function* forward(method, requests, context) {
    const call = context.values.get(callKey);
    refuseChange(method, options);
    const via = viaOf(context.requestHeader);
    refuseCircle(via, options.id, options.name);
    using _place = places.call(method, context, call);
    const hearers = [room.hear(method, call.caller.identity), noteWrites(method, call)];
    const sent = narrowed(method, requests, call, hearers);
    try {
      for await (const answer of callNode(method, sent.messages, context, headersFor(call, via, options), options)) {
        for (const hearer of hearers) hearer.answered(answer);
        yield answer;
      }
    } catch (thrown) {
      // The node has no part in it, however a transport wraps what its messages throw.
      if (sent.refusal !== undefined) throw sent.refusal;
      for (const hearer of hearers) hearer.failed(thrown);
      if (context.signal.aborted) throw thrown;
      if (isOverdue(context, thrown)) throw new ConnectError("the operation timed out", Code.DeadlineExceeded);
      options.failed(thrown);
      throw nodeError(options.name, thrown);
    }
  };
}

/** True where a call took longer than its caller would wait. */
function isOverdue(context: HandlerContext, thrown: unknown): boolean {
  return context.timeoutMs() !== undefined && ConnectError.from(thrown).code === Code.DeadlineExceeded;
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
  headers: Headers,
  { transport }: ForwardOptions,
): AsyncGenerator<Message> {
  const { signal } = context;
  if (method.methodKind === "unary") {
    for await (const request of requests) {
      yield (await transport.unary(method as DescMethodUnary, signal, context.timeoutMs(), headers, request)).message;
    }
    return;
  }
  const left = new AbortController();
  const either = AbortSignal.any([signal, left.signal]);
  const answer = await transport.stream(method as DescMethodStreaming, either, context.timeoutMs(), headers, requests);
  try {
    yield* answer.message;
  } finally {
    // Connect's iterables cannot be returned from: whoever takes no more of them would leave the call open.
    left.abort();
  }
}

/** The messages of a request as the node gets them, and why one of them was refused here. */
function narrowed(method: DescMethod, requests: AsyncIterable<Message>, { access }: Call, hearers: readonly Heard[]) {
  const sent: { readonly messages: AsyncGenerator<Message>; refusal?: unknown } = { messages: each() };

  async function* each(): AsyncGenerator<Message> {
    for await (const request of requests) yield checked(request);
  }

  function checked(request: Message): Message {
    try {
      const allowed = narrow(method, request, access);
      for (const hearer of hearers) hearer.asked(request);
      return allowed;
    } catch (error) {
      sent.refusal = error;
      throw error;
    }
  }

  return sent;
}

/** Who calls is not known to the node; it may tell it to people, since a user agent is only told and never believed. */
function headersFor(
  { namespace, lease, caller }: Call,
  via: readonly string[],
  { store, version, id }: ForwardOptions,
): Headers {
  const headers = new Headers({ "user-agent": `stowage/${version} for ${agentOf(caller)}`, ...onOver(via, id) });
  if (namespace !== undefined) headers.set("containerd-namespace", namespace);
  if (lease !== undefined) headers.set("containerd-lease", lease);
  if (store !== "") headers.set("stowage-store", store);
  return headers;
}

function agentOf({ identity, userAgent, address }: Call["caller"]): string {
  return [identity, userAgent].find((known) => known !== "") ?? address;
}
