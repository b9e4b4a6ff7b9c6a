import type { MessageInitShape } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import type { Logger } from "pino";
import { z } from "zod";
import { ContentError } from "../../content/errors.ts";
import { selectionFromWire } from "../../content/wire.ts";
import { WriteAction } from "../../gen/containerd/services/content/v1/content_pb.js";
import type {
  ListPageRequest,
  ListRequest,
  ListResponse,
  StatusRequest,
  StatusResponse,
  WriteRequest,
  WriteResponseSchema,
} from "../../gen/stowage/v1/content_pb.js";
import { ContentService } from "../../gen/stowage/v1/content_pb.js";
import { createRateMeter } from "../feed/rate.ts";
import type { FeedTiming } from "../feed/timing.ts";
import { feedTiming } from "../feed/timing.ts";
import type { Watch } from "../feed/watch.ts";
import { watchBlobs } from "../feed/watch-blobs.ts";
import { watchIngests } from "../feed/watch-ingests.ts";
import type { Metadata } from "../metadata/metadata.ts";
import { definePlugin } from "../plugins/plugin.ts";
import type { Service } from "../plugins/service.ts";
import { callKey, scopeOf } from "../policy/call.ts";
import { connectionKey } from "../policy/identify.ts";
import { readable } from "../policy/readable.ts";
import type { StreamLimits } from "../policy/stream-places.ts";
import { createStreamPlaces, sharedStreamPlaces } from "../policy/stream-places.ts";
import { answersInBytes } from "./encoded-field.ts";
import type { HeldLimits } from "./held-limits.ts";
import { createHeldWriters } from "./held-writers.ts";
import { answerPage } from "./list-page.ts";
import { blobEventToWire, durationFromWire, ingestEventToWire } from "./stowage-events.ts";
import { applyWrite, openWrite } from "./write-message.ts";

/** Data of one Write, in bytes, at most. */
const maxDataBytes = 4 * 1024 * 1024;

/** What the service is made with. */
export interface StowageContentOptions {
  /** Aborted when the server begins to stop: streams end then, and writers that are held are let go. */
  readonly stopping: AbortSignal;
  /** Absent: what a server uses. */
  readonly timing?: FeedTiming;
  /** Absent: what a server uses, for this service and the others over the same metadata together. */
  readonly streams?: StreamLimits;
  /** Absent: what a server uses. */
  readonly writers?: HeldLimits;
  /** Absent: nothing is logged. */
  readonly logger?: Logger;
}

/** `stowage.v1.ContentService`: blobs and ingests as sets that follow changes, and writes in single calls. */
export function createStowageContent(
  metadata: Pick<Metadata, "feed" | "in" | "ingests" | "page" | "snapshot" | "scan" | "count">,
  { stopping, timing = feedTiming, streams, writers, logger }: StowageContentOptions,
): Service {
  const held = createHeldWriters({ stopping, ...(writers && { limits: writers }), ...(logger && { logger }) });
  const meter = createRateMeter(metadata.feed, timing);
  const places = streams ? createStreamPlaces(streams) : sharedStreamPlaces(metadata);

  /** A place for as long as somebody reads; whoever is gone may never ask for the stream's end. */
  function takePlace({ values, signal }: HandlerContext): Disposable {
    const place = places.take(values.get(connectionKey), values.get(callKey).caller.identity);
    signal.addEventListener("abort", () => place[Symbol.dispose](), { once: true });
    return place;
  }

  async function* status(request: StatusRequest, context: HandlerContext): AsyncGenerator<StatusResponse> {
    using _place = takePlace(context);
    const options = { timing, stopping, signal: context.signal };
    for await (const event of watchIngests(metadata, meter, watchOf(request, context), options)) {
      yield ingestEventToWire(event);
    }
  }

  async function* list(request: ListRequest, context: HandlerContext): AsyncGenerator<ListResponse> {
    using _place = takePlace(context);
    const { orderBy, limit, startAt } = request;
    const encoded = answersInBytes(context);
    const watch = { ...watchOf(request, context), orderBy, limit, startAt, encoded };
    const options = { timing, stopping, signal: context.signal };
    for await (const event of watchBlobs(metadata, watch, options)) {
      yield blobEventToWire(event);
    }
  }

  async function write(
    { request, writerId, close }: WriteRequest,
    context: HandlerContext,
  ): Promise<MessageInitShape<typeof WriteResponseSchema>> {
    if (request === undefined) throw new ContentError("invalid-argument", "a write without a request");
    if (request.data.length > maxDataBytes) {
      const text = `data of ${request.data.length} bytes is more than ${maxDataBytes}`;
      throw new ContentError("invalid-argument", text);
    }
    const { signal, values } = context;
    const call = values.get(callKey);
    const [scope, { note, access }] = [scopeOf(call), call];
    const store = metadata.in(scope);
    const isWhole = writerId === "" && (close || request.action === WriteAction.COMMIT);
    const { ended } = access;
    if (!isWhole) return await held.write({ store, scope, request, writerId, close, signal, ended, note });
    const { writer, state } = await openWrite(store, request, signal);
    await using open = writer;
    return { response: await applyWrite(store, open, state, request, note) };
  }

  const listPage = (request: ListPageRequest, context: HandlerContext) => answerPage(metadata, request, context);

  return { register: (router) => router.service(ContentService, { status, list, listPage, write }) };
}

function watchOf({ selection, watch }: StatusRequest | ListRequest, context: HandlerContext): Watch {
  const minIntervalMs = durationFromWire(watch?.minInterval);
  const { namespace, caller, access } = context.values.get(callKey);
  return {
    selection: readable(selectionFromWire(selection), access),
    namespace,
    follow: watch?.follow ?? false,
    resumeToken: watch?.resumeToken ?? "",
    identity: caller.identity,
    ...(minIntervalMs !== undefined && { minIntervalMs }),
  };
}

/** Serves `stowage.v1.ContentService` over the metadata. */
export const stowageContentPlugin = definePlugin({
  type: "service",
  id: "stowage-content",
  requires: [{ type: "metadata" }],
  config: z.strictObject({}),
  async open(context) {
    return createStowageContent(context.get("metadata"), {
      stopping: context.stopping,
      logger: context.logger,
    });
  },
});
