import type { MessageInitShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import { z } from "zod";
import { ContentError } from "../../content/errors.ts";
import { auditEventToWire, auditKeptToWire, int64FromWire, int64ToWire } from "../../content/wire.ts";
import type {
  ListEventsPageRequest,
  ListEventsPageResponseSchema,
  ListEventsRequest,
  ListEventsResponse,
  EventSelection as WireSelection,
} from "../../gen/stowage/v1/audit_pb.js";
import { AuditEventBatchSchema, AuditService, ListEventsResponseSchema } from "../../gen/stowage/v1/audit_pb.js";
import type { Audit } from "../audit/audit.ts";
import type { AuditNews } from "../audit/live-events.ts";
import { watchEvents } from "../audit/live-events.ts";
import { readEventsPage, visibleEvents } from "../audit/pages.ts";
import type { EventSelection } from "../audit/select.ts";
import type { Frame } from "../feed/events.ts";
import type { FeedTiming } from "../feed/timing.ts";
import { feedTiming } from "../feed/timing.ts";
import { definePlugin } from "../plugins/plugin.ts";
import type { Service } from "../plugins/service.ts";
import { callKey } from "../policy/call.ts";
import { connectionKey } from "../policy/identify.ts";
import { seesWhole } from "../policy/permissions.ts";
import type { StreamPlaces } from "../policy/stream-places.ts";
import { createStreamPlaces } from "../policy/stream-places.ts";
import { frameCase } from "./stowage-events.ts";

/** Events of the first set of a stream, and of a page: at most, and of a page where the request names no number. */
const limits = { most: 1000, page: 200 } as const;

/** What the service is made with. */
export interface AuditServiceOptions {
  /** Aborted when the server begins to stop: streams end then. */
  readonly stopping: AbortSignal;
  /** Absent: what a server uses. */
  readonly timing?: FeedTiming;
  /** Absent: some of the service's own. */
  readonly places?: StreamPlaces;
}

/** `stowage.v1.AuditService`: who changed what. */
export function createAuditService(
  audit: Audit,
  { stopping, timing = feedTiming, places = createStreamPlaces() }: AuditServiceOptions,
): Service {
  async function* listEvents(request: ListEventsRequest, context: HandlerContext): AsyncGenerator<ListEventsResponse> {
    const { signal, values } = context;
    const limit = Math.min(requireCount(request.limit, "limit") || limits.most, limits.most);
    // Whoever is gone may never ask for the stream's end.
    using place = places.take(values.get(connectionKey), values.get(callKey).caller.identity);
    signal.addEventListener("abort", () => place[Symbol.dispose](), { once: true });
    const { access } = values.get(callKey);
    const visible = seesWhole(access) ? undefined : visibleEvents({ query: "", namespaces: [] }, access);
    const watch = { selection: selectionOf(request.selection, context), limit, ...(visible && { visible }) };
    const options = { timing, stopping, signal, follow: request.follow };
    for await (const event of watchEvents(audit, watch, options)) {
      yield create(ListEventsResponseSchema, { event: newsCase(event) });
    }
  }

  async function listEventsPage(
    request: ListEventsPageRequest,
    context: HandlerContext,
  ): Promise<MessageInitShape<typeof ListEventsPageResponseSchema>> {
    const { pageSize, pageToken, beforeId } = request;
    const size = Math.min(requireCount(pageSize, "page_size") || limits.page, limits.most);
    const before = requireCount(int64FromWire(beforeId, "before_id"), "before_id");
    const selection = selectionOf(request.selection, context);
    const page = await readEventsPage(audit, selection, { size, token: pageToken, before }, context.signal);
    return {
      events: page.events.map(auditEventToWire),
      nextPageToken: page.next,
      totalSize: int64ToWire(page.total, "total_size"),
      totalIsExact: page.isExact,
    };
  }

  return { ofServer: true, register: (router) => router.service(AuditService, { listEvents, listEventsPage }) };
}

function selectionOf(selection: WireSelection | undefined, { values }: HandlerContext): EventSelection {
  const { query = "", namespaces = [] } = selection ?? {};
  return visibleEvents({ query, namespaces }, values.get(callKey).access);
}

/** @throws `invalid-argument` below 0 */
function requireCount(count: number, field: string): number {
  if (count < 0) throw new ContentError("invalid-argument", `${field} ${count} is negative`);
  return count;
}

function newsCase(event: AuditNews | Frame): ListEventsResponse["event"] {
  switch (event.kind) {
    case "events":
      return {
        case: "batch",
        value: create(AuditEventBatchSchema, { events: event.events.map(auditEventToWire) }),
      };
    case "kept":
      return { case: "kept", value: auditKeptToWire(event.kept) };
    default:
      return frameCase(event);
  }
}

/** Serves `stowage.v1.AuditService` over the audit. */
export const auditServicePlugin = definePlugin({
  type: "service",
  id: "audit",
  requires: [{ type: "audit" }],
  config: z.strictObject({}),
  async open({ stopping, get }) {
    return createAuditService(get("audit"), { stopping });
  },
});
