import type { CallOptions, Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import type { ListEventsResponse } from "../../gen/stowage/v1/audit_pb.js";
import { AuditService } from "../../gen/stowage/v1/audit_pb.js";
import type { AuditEvent, AuditKept } from "../audit.ts";
import { auditEventFromWire, auditKeptFromWire, int64FromWire } from "../wire.ts";
import { answerOf } from "./call.ts";
import type { BeginEvent, BookmarkEvent, ConnectionEvent, Selection } from "./events.ts";
import type { WholeFollowOptions } from "./follow-whole.ts";
import { followWhole } from "./follow-whole.ts";
import { sayingWhatLacks } from "./lacking.ts";
import type { EndOfStream } from "./stream.ts";
import { frameEvent } from "./stream.ts";

const lacks = "the server keeps no audit";

/** Which events are asked for: a query of the target `events`, and namespaces; none: all. */
export type AuditSelection = Pick<Selection, "query" | "namespaces">;

/** What a stream of the audit tells. Events come newest first while the set is told, and oldest first after that. */
export type AuditStreamEvent =
  | BeginEvent
  | BookmarkEvent
  | ConnectionEvent
  | { readonly kind: "events"; readonly events: readonly AuditEvent[] }
  | { readonly kind: "kept"; readonly kept: AuditKept };

export interface AuditFollowOptions extends Pick<WholeFollowOptions, "wake" | "timing"> {
  readonly selection?: AuditSelection;
  /** Events of the set, the newest of the query; 1,000 at most, and where it is absent. */
  readonly limit?: number;
}

/**
 * The newest events of a query, and what comes, until the signal aborts. A lost connection is opened anew, and tells the newest
 * again, after `begin`.
 *
 * @throws `invalid-argument`, `permission-denied`, `unauthenticated` or `failed-precondition` as the server says, the last also for a server
 * that keeps no audit; every other error is a `waiting` connection
 */
export function followAudit(
  transport: Transport,
  options: AuditFollowOptions,
  signal: AbortSignal,
): AsyncIterable<AuditStreamEvent> {
  const client = createClient(AuditService, transport);
  const { selection = {}, limit = 0 } = options;
  const request = { selection: wireSelection(selection), limit, follow: true };
  const open = (call: CallOptions) => client.listEvents(request, call);
  return followWhole({ open, eventOf }, lacks, options, signal);
}

/** Which events of a query are wanted, newest first. */
export interface AuditPageOptions {
  readonly selection: AuditSelection;
  /** Events; 1,000 at most. */
  readonly size: number;
  /** `next` of the page before, where the selection was the same; absent: see `before`. */
  readonly token?: string;
  /** Without a token: only events with a smaller id; absent: from the newest on. */
  readonly before?: number;
}

/** Some events, and how many there are. */
export interface AuditPage {
  readonly events: readonly AuditEvent[];
  /** Absent: there is no further page. */
  readonly next?: string;
  /** Events of the selection. */
  readonly total: number;
  /** False: there are at least so many. */
  readonly isExact: boolean;
}

/** One page of events. @throws `failed-precondition` for a server that keeps no audit; what the server says */
export async function getAuditPage(
  transport: Transport,
  { selection, size, token = "", before = 0 }: AuditPageOptions,
  signal?: AbortSignal,
): Promise<AuditPage> {
  const client = createClient(AuditService, transport);
  const request = {
    selection: wireSelection(selection),
    pageSize: size,
    pageToken: token,
    beforeId: BigInt(before),
  };
  try {
    const answer = await answerOf(client.listEventsPage(request, { signal }), signal);
    return {
      events: answer.events.map(auditEventFromWire),
      ...(answer.nextPageToken !== "" && { next: answer.nextPageToken }),
      total: int64FromWire(answer.totalSize, "total_size"),
      isExact: answer.totalIsExact,
    };
  } catch (error) {
    throw sayingWhatLacks(error, lacks);
  }
}

function wireSelection({ query = "", namespaces = [] }: AuditSelection) {
  return { query, namespaces: [...namespaces] };
}

function eventOf({ event }: ListEventsResponse): Exclude<AuditStreamEvent, ConnectionEvent> | EndOfStream | undefined {
  switch (event.case) {
    case "batch":
      return { kind: "events", events: event.value.events.map(auditEventFromWire) };
    case "kept":
      return { kind: "kept", kept: auditKeptFromWire(event.value) };
    default:
      return frameEvent(event);
  }
}
