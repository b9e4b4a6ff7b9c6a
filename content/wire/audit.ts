import { create } from "@bufbuild/protobuf";
import type { AuditEvent as WireAuditEvent, AuditKept as WireAuditKept } from "../../gen/stowage/v1/audit_pb.js";
import { AuditEventSchema, AuditKeptSchema } from "../../gen/stowage/v1/audit_pb.js";
import type { AuditEvent, AuditKept } from "../audit.ts";
import { int64FromWire, int64ToWire, timeFromWire, timeToWire, unknownTime } from "./scalars.ts";

/** An event for the wire. */
export function auditEventToWire({ id, at, bytes, more, changes, ...event }: AuditEvent): WireAuditEvent {
  return create(AuditEventSchema, {
    ...event,
    id: int64ToWire(id, "id"),
    at: timeToWire(at),
    ...(bytes !== undefined && { bytes: int64ToWire(bytes, "bytes") }),
    more: int64ToWire(more, "more"),
    changes: changes.map((change) => ({ ...change })),
  });
}

/** An event. @throws `invalid-argument` for a number beyond 2^53-1 */
export function auditEventFromWire(event: WireAuditEvent): AuditEvent {
  const { who, peer, userAgent, act, method, store, namespace, kind, name, digest, code, error, call, cause } = event;
  return {
    id: int64FromWire(event.id, "id"),
    at: timeFromWire(event.at) ?? unknownTime,
    who,
    peer,
    userAgent,
    act,
    method,
    store,
    namespace,
    kind,
    name,
    digest,
    code,
    error,
    call,
    cause,
    ...(event.bytes !== undefined && { bytes: int64FromWire(event.bytes, "bytes") }),
    more: int64FromWire(event.more, "more"),
    changes: event.changes.map(({ name: changed, before, after }) => ({
      name: changed,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
    })),
    changesLeftOut: event.changesLeftOut,
  };
}

/** What is kept, for the wire. */
export function auditKeptToWire({ since, maxAgeDays, maxEvents }: AuditKept): WireAuditKept {
  return create(AuditKeptSchema, {
    ...(since && { since: timeToWire(since) }),
    maxAgeDays,
    maxEvents: int64ToWire(maxEvents, "max_events"),
  });
}

/** What is kept. @throws `invalid-argument` for a number beyond 2^53-1 */
export function auditKeptFromWire({ since, maxAgeDays, maxEvents }: WireAuditKept): AuditKept {
  const at = timeFromWire(since);
  return { ...(at && { since: at }), maxAgeDays, maxEvents: int64FromWire(maxEvents, "max_events") };
}
