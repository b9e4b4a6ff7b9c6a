import { create } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { z } from "zod";
import type { Digest } from "../../content/digest.ts";
import { digestFault } from "../../content/digest.ts";
import { ContentError, throwIfCancelled } from "../../content/errors.ts";
import { parseDigest } from "../../content/parse-digest.ts";
import { goQuote } from "../../content/quote.ts";
import type { Store } from "../../content/store.ts";
import { infoToWire, statusToWire } from "../../content/wire.ts";
import type {
  ListContentRequest,
  ListContentResponse,
  WriteContentRequest,
  WriteContentResponse,
} from "../../gen/containerd/services/content/v1/content_pb.js";
import {
  Content,
  ListContentResponseSchema,
  WriteAction,
} from "../../gen/containerd/services/content/v1/content_pb.js";
import { compileSelection } from "../feed/selection.ts";
import type { Metadata } from "../metadata/metadata.ts";
import { definePlugin } from "../plugins/plugin.ts";
import type { Service } from "../plugins/service.ts";
import { callKey, scopeOf } from "../policy/call.ts";
import { labelChanges } from "../policy/call-audit.ts";
import type { Note } from "../policy/facts.ts";
import { answersInBytes, putEncodedBody } from "./encoded-field.ts";
import { beforeChange } from "./noting.ts";
import { readBlob } from "./read-blob.ts";
import { applyWrite, openWrite } from "./write-message.ts";

/** `containerd.services.content.v1.Content` over the metadata, as containerd's contentserver.go behaves. */
export function createContentService(metadata: Pick<Metadata, "in" | "scan">): Service {
  const storeOf = (context: HandlerContext): Store => metadata.in(scopeOf(context.values.get(callKey)));

  const implementation: ServiceImpl<typeof Content> = {
    async info(request, context) {
      const digest = parseDigest(request.digest);
      return { info: infoToWire(await storeOf(context).info(digest, context.signal)) };
    },

    async update(request, context) {
      const digest = parseDigest(request.info?.digest ?? "");
      const labels = request.info?.labels ?? {};
      const [store, note] = [storeOf(context), noteOf(context)];
      const before = await beforeChange(note, () => store.info(digest));
      const info = await store.update({ digest, labels }, request.updateMask?.paths);
      note?.({ bytes: info.size, changes: labelChanges(before?.labels, info.labels) });
      return { info: infoToWire(info) };
    },

    list: (request, context) => list(metadata, request, context),

    async delete(request, context) {
      const digest = digestOr(request.digest, (fault) => fault);
      const [store, note] = [storeOf(context), noteOf(context)];
      const before = await beforeChange(note, () => store.info(digest));
      if (before) note?.({ bytes: before.size });
      await store.delete(digest);
      return create(EmptySchema);
    },

    read(request, context) {
      const digest = digestOr(request.digest, (fault) => `${request.digest}: ${fault}`);
      return readBlob(storeOf(context), digest, request, context.signal);
    },

    async status({ ref }, context) {
      try {
        return { status: statusToWire(await storeOf(context).status(ref, context.signal)) };
      } catch (error) {
        throw about(error, `could not get status for ref ${goQuote(ref)}`);
      }
    },

    async listStatuses(request, context) {
      const statuses = await Array.fromAsync(storeOf(context).listStatuses(request.filters, context.signal));
      return { statuses: statuses.map(statusToWire) };
    },

    write: (requests, context) => write(storeOf(context), requests, context.signal, noteOf(context)),

    async abort({ ref }, context) {
      const [store, note] = [storeOf(context), noteOf(context)];
      const before = await beforeChange(note, () => store.status(ref));
      if (before) note?.({ bytes: before.offset, ...(before.expected && { digest: before.expected }) });
      await store.abort(ref);
      return create(EmptySchema);
    },
  };

  return { register: (router) => router.service(Content, implementation) };
}

function noteOf({ values }: HandlerContext): Note | undefined {
  return values.get(callKey).note;
}

async function* list(
  metadata: Pick<Metadata, "scan">,
  { filters }: ListContentRequest,
  context: HandlerContext,
): AsyncGenerator<ListContentResponse> {
  const { signal, values } = context;
  const query = { selection: compileSelection({ filters }, scopeOf(values.get(callKey)).namespace), order: [] };
  for await (const { rows, encoded } of metadata.scan(query, answersInBytes(context) ? "infos" : "rows", signal)) {
    if (rows.length > 0) yield create(ListContentResponseSchema, { info: rows.map(({ info }) => infoToWire(info)) });
    if (encoded === undefined) continue;
    const message = create(ListContentResponseSchema);
    putEncodedBody(message, ListContentResponseSchema.field.info.number, encoded);
    yield message;
  }
  throwIfCancelled(signal);
}

/**
 * Each message is answered once it took effect. However the call ends, the ref is let go of before the handler is done;
 * it ends after a COMMIT, when the client half-closes, and when the connection is lost.
 */
async function* write(
  store: Store,
  requests: AsyncIterable<WriteContentRequest>,
  signal: AbortSignal,
  note: Note | undefined,
): AsyncGenerator<WriteContentResponse> {
  const messages = requests[Symbol.asyncIterator]();
  const first = await nextMessage(messages, signal);
  if (first.done) return;
  const { writer, state } = await openWrite(store, first.value, signal);
  await using open = writer;
  for (let next: IteratorResult<WriteContentRequest> = first; !next.done; next = await nextMessage(messages, signal)) {
    yield await applyWrite(store, open, state, next.value, note);
    if (next.value.action === WriteAction.COMMIT) return;
  }
}

/** The next message of a call, or what ends it first: its deadline, the server's stop, a client that is gone. */
async function nextMessage<T>(messages: AsyncIterator<T>, signal: AbortSignal): Promise<IteratorResult<T>> {
  signal.throwIfAborted();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = () => reject(signal.reason);
  signal.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([messages.next(), ended]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** A digest; its refusal is worded by the method, as containerd's are. @throws `invalid-argument` */
function digestOr(text: string, refusal: (fault: string) => string): Digest {
  const fault = digestFault(text);
  if (fault !== undefined) throw new ContentError("invalid-argument", refusal(fault));
  return text as Digest;
}

/** The error with what was being done before its text. */
function about(error: unknown, what: string): unknown {
  if (!(error instanceof ContentError)) return error;
  return new ContentError(error.kind, `${what}: ${error.message}`, { cause: error, ...error.facts });
}

/** Serves `containerd.services.content.v1.Content` over the metadata. */
export const contentPlugin = definePlugin({
  type: "service",
  id: "content",
  requires: [{ type: "metadata" }],
  config: z.strictObject({}),
  async open(context) {
    return createContentService(context.get("metadata"));
  },
});
