import type { HandlerContext } from "@connectrpc/connect";
import { z } from "zod";
import { ContentError } from "../../content/errors.ts";
import { selectionFromWire } from "../../content/wire.ts";
import type {
  ListPageRequest,
  ListRequest,
  ListResponse,
  StatusRequest,
  StatusResponse,
  WriteRequest,
  WriteResponse,
} from "../../gen/stowage/v1/content_pb.js";
import { ContentService } from "../../gen/stowage/v1/content_pb.js";
import { createRateMeter } from "../feed/rate.ts";
import type { FeedTiming } from "../feed/timing.ts";
import { feedTiming } from "../feed/timing.ts";
import type { Watch } from "../feed/watch.ts";
import { watchBlobs } from "../feed/watch-blobs.ts";
import { watchIngests } from "../feed/watch-ingests.ts";
import type { Metadata } from "../metadata/metadata.ts";
import type { Service } from "../plugins/plugin.ts";
import { definePlugin } from "../plugins/plugin.ts";
import { callKey, scopeOf } from "../policy/call.ts";
import { answerPage } from "./list-page.ts";
import { blobEventToWire, durationFromWire, ingestEventToWire } from "./stowage-events.ts";
import { applyWrite, openWrite } from "./write-message.ts";

/** Data of one Write, in bytes, at most. */
const maxDataBytes = 4 * 1024 * 1024;

/** What the service is made with. */
export interface StowageContentOptions {
  /** Aborted when the server begins to stop: streams end then. */
  readonly stopping: AbortSignal;
  /** Absent: what a server uses. */
  readonly timing?: FeedTiming;
}

/** `stowage.v1.ContentService`: blobs and ingests as sets that follow changes, and a write in single calls. */
export function createStowageContent(
  metadata: Pick<Metadata, "feed" | "in" | "ingests" | "page" | "snapshot">,
  { stopping, timing = feedTiming }: StowageContentOptions,
): Service {
  const meter = createRateMeter(metadata.feed, timing);

  async function* status(request: StatusRequest, context: HandlerContext): AsyncGenerator<StatusResponse> {
    const options = { timing, stopping, signal: context.signal };
    for await (const event of watchIngests(metadata, meter, watchOf(request, context), options)) {
      yield ingestEventToWire(event);
    }
  }

  async function* list(request: ListRequest, context: HandlerContext): AsyncGenerator<ListResponse> {
    const { orderBy, limit } = request;
    const options = { timing, stopping, signal: context.signal };
    for await (const event of watchBlobs(metadata, { ...watchOf(request, context), orderBy, limit }, options)) {
      yield blobEventToWire(event);
    }
  }

  async function write({ request }: WriteRequest, context: HandlerContext): Promise<Pick<WriteResponse, "response">> {
    if (request === undefined) throw new ContentError("invalid-argument", "a write without a request");
    if (request.data.length > maxDataBytes) {
      const text = `data of ${request.data.length} bytes is more than ${maxDataBytes}`;
      throw new ContentError("invalid-argument", text);
    }
    const store = metadata.in(scopeOf(context.values.get(callKey)));
    const { writer, state } = await openWrite(store, request, context.signal);
    await using open = writer;
    return { response: await applyWrite(store, open, state, request) };
  }

  const listPage = (request: ListPageRequest, context: HandlerContext) => answerPage(metadata, request, context);

  return { register: (router) => router.service(ContentService, { status, list, listPage, write }) };
}

function watchOf({ selection, watch }: StatusRequest | ListRequest, context: HandlerContext): Watch {
  const minIntervalMs = durationFromWire(watch?.minInterval);
  return {
    selection: selectionFromWire(selection),
    namespace: context.values.get(callKey).namespace,
    follow: watch?.follow ?? false,
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
    return createStowageContent(context.get("metadata"), { stopping: context.stopping });
  },
});
