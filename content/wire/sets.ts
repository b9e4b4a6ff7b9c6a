import { create } from "@bufbuild/protobuf";
import type {
  Ingest as WireIngest,
  IngestEnd as WireIngestEnd,
  Item as WireItem,
  Selection as WireSelection,
} from "../../gen/stowage/v1/content_pb.js";
import {
  Ingest_State,
  IngestEnd_Outcome,
  IngestEndSchema,
  IngestSchema,
  ItemSchema,
  SelectionSchema,
} from "../../gen/stowage/v1/content_pb.js";
import { ContentError } from "../errors.ts";
import type { Blob, EndedIngest, Ingest, Selection } from "../remote/events.ts";
import { infoFromWire, infoToWire, optionalDigestFromWire, statusFromWire, statusToWire } from "./content.ts";
import { int64FromWire, int64ToWire, timeFromWire, timeToWire, unknownTime } from "./scalars.ts";

const stateToWire: Readonly<Record<Ingest["state"], Ingest_State>> = {
  writing: Ingest_State.WRITING,
  stalled: Ingest_State.STALLED,
  resumable: Ingest_State.RESUMABLE,
  unknown: Ingest_State.UNSPECIFIED,
};

const outcomeToWire: Readonly<Record<EndedIngest["outcome"], IngestEnd_Outcome>> = {
  committed: IngestEnd_Outcome.COMMITTED,
  existed: IngestEnd_Outcome.EXISTED,
  aborted: IngestEnd_Outcome.ABORTED,
  expired: IngestEnd_Outcome.EXPIRED,
  unknown: IngestEnd_Outcome.UNKNOWN,
};

/** The name whose number that is; `unknown` for a number of a newer server. */
function nameOf<Name extends string>(
  table: Readonly<Record<Name | "unknown", number>>,
  value: number,
): Name | "unknown" {
  const names = Object.keys(table) as (Name | "unknown")[];
  return names.find((name) => table[name] === value) ?? "unknown";
}

/** A Selection for the wire. */
export function selectionToWire(selection: Selection): WireSelection {
  return create(SelectionSchema, {
    filters: [...(selection.filters ?? [])],
    regexp: selection.regexp ?? "",
    namespaces: [...(selection.namespaces ?? [])],
    query: selection.query ?? "",
  });
}

/** A Selection of the wire; an absent one selects everything in the namespace of the call. */
export function selectionFromWire(selection: WireSelection | undefined): Required<Selection> {
  return {
    filters: selection?.filters ?? [],
    regexp: selection?.regexp ?? "",
    namespaces: selection?.namespaces ?? [],
    query: selection?.query ?? "",
  };
}

/** A row of List for the wire. @throws `invalid-argument` for a size that is no safe integer */
export function blobToWire(blob: Blob): WireItem {
  return create(ItemSchema, { namespace: blob.namespace, info: infoToWire(blob.info) });
}

/** A row of List. @throws `invalid-argument` for a row without an Info, or one that infoFromWire refuses */
export function blobFromWire(item: WireItem): Blob {
  if (item.info === undefined) throw new ContentError("invalid-argument", "an item without info");
  return { namespace: item.namespace, info: infoFromWire(item.info) };
}

/** A row of Status for the wire; a fraction of a byte per second is rounded. @throws as statusToWire */
export function ingestToWire(ingest: Ingest): WireIngest {
  return create(IngestSchema, {
    namespace: ingest.namespace,
    status: statusToWire(ingest.status),
    state: stateToWire[ingest.state],
    holder: ingest.holder,
    bytesPerSecond: int64ToWire(Math.round(ingest.rateBytesPerSecond), "bytes_per_second"),
    lastError: ingest.lastError,
    ...(ingest.lockedAt && { lockedAt: timeToWire(ingest.lockedAt) }),
    ...(ingest.expiresAt && { expiresAt: timeToWire(ingest.expiresAt) }),
  });
}

/** A row of Status. @throws `invalid-argument` for a row without a Status, or one that statusFromWire refuses */
export function ingestFromWire(ingest: WireIngest): Ingest {
  if (ingest.status === undefined) throw new ContentError("invalid-argument", "an ingest without status");
  const lockedAt = timeFromWire(ingest.lockedAt);
  const expiresAt = timeFromWire(ingest.expiresAt);
  return {
    namespace: ingest.namespace,
    status: statusFromWire(ingest.status),
    state: nameOf(stateToWire, ingest.state),
    holder: ingest.holder,
    rateBytesPerSecond: int64FromWire(ingest.bytesPerSecond, "bytes_per_second"),
    lastError: ingest.lastError,
    ...(lockedAt && { lockedAt }),
    ...(expiresAt && { expiresAt }),
  };
}

/** The end of an ingest for the wire. @throws `invalid-argument` for a size that is no safe integer */
export function endedIngestToWire(ended: EndedIngest): WireIngestEnd {
  return create(IngestEndSchema, {
    namespace: ended.namespace,
    ref: ended.ref,
    outcome: outcomeToWire[ended.outcome],
    digest: ended.digest ?? "",
    size: int64ToWire(ended.size, "size"),
    by: ended.by,
    startedAt: timeToWire(ended.startedAt),
    endedAt: timeToWire(ended.endedAt),
  });
}

/** The end of an ingest. @throws `invalid-argument` for a digest that does not parse, a size beyond 2^53-1 */
export function endedIngestFromWire(ended: WireIngestEnd): EndedIngest {
  const digest = optionalDigestFromWire(ended.digest);
  return {
    namespace: ended.namespace,
    ref: ended.ref,
    outcome: nameOf(outcomeToWire, ended.outcome),
    ...(digest !== undefined && { digest }),
    size: int64FromWire(ended.size, "size"),
    by: ended.by,
    startedAt: timeFromWire(ended.startedAt) ?? unknownTime,
    endedAt: timeFromWire(ended.endedAt) ?? unknownTime,
  };
}
