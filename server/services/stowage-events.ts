import { create } from "@bufbuild/protobuf";
import type { Duration } from "@bufbuild/protobuf/wkt";
import { durationFromMs, durationMs } from "@bufbuild/protobuf/wkt";
import { blobToWire, endedIngestToWire, ingestToWire, int64ToWire, timeToWire } from "../../content/wire.ts";
import type { Item, ListResponse, StatusResponse } from "../../gen/stowage/v1/content_pb.js";
import {
  BookmarkSchema,
  End_Reason,
  EndSchema,
  InfoBatchSchema,
  InfoRemovedSchema,
  IngestBatchSchema,
  IngestLeftSchema,
  ListResponseSchema,
  StatusResponseSchema,
  SyncBegin_Reason,
  SyncBeginSchema,
} from "../../gen/stowage/v1/content_pb.js";
import type { BlobRow } from "../feed/change.ts";
import type { Begin, BlobEvent, Bookmark, End, Frame, IngestEvent } from "../feed/events.ts";
import { putEncoded } from "./encoded-field.ts";

const beginReasons: Readonly<Record<Begin["reason"], SyncBegin_Reason>> = {
  initial: SyncBegin_Reason.INITIAL,
  "token-expired": SyncBegin_Reason.TOKEN_EXPIRED,
  overflow: SyncBegin_Reason.OVERFLOW,
};

const endReasons: Readonly<Record<End["reason"], End_Reason>> = {
  complete: End_Reason.COMPLETE,
  "max-age": End_Reason.MAX_AGE,
  shutdown: End_Reason.SHUTDOWN,
};

/** A duration of the wire in milliseconds; absent where it is. */
export function durationFromWire(duration: Duration | undefined): number | undefined {
  return duration && durationMs(duration);
}

/** Rows as they are sent: every stream that tells of a row sends the same. */
const items = new WeakMap<BlobRow, Item>();

function itemOf(row: BlobRow): Item {
  const known = items.get(row) ?? blobToWire(row);
  items.set(row, known);
  return known;
}

/** One event of a watch of blobs as a message of List. */
export function blobEventToWire(event: BlobEvent | Frame): ListResponse {
  const message = create(ListResponseSchema, { event: blobCase(event) });
  if (event.kind === "encoded") putEncoded(message, ListResponseSchema.field.batch.number, event.items);
  return message;
}

/** One event of a watch of ingests as a message of Status. */
export function ingestEventToWire(event: IngestEvent | Frame): StatusResponse {
  return create(StatusResponseSchema, { event: ingestCase(event) });
}

function blobCase(event: BlobEvent | Frame): ListResponse["event"] {
  switch (event.kind) {
    case "blobs":
      return { case: "batch", value: create(InfoBatchSchema, { items: event.rows.map(itemOf) }) };
    case "removed":
      return { case: "removed", value: create(InfoRemovedSchema, event) };
    case "encoded":
      return { case: undefined };
    default:
      return frameCase(event);
  }
}

function ingestCase(event: IngestEvent | Frame): StatusResponse["event"] {
  switch (event.kind) {
    case "ingests":
      return { case: "batch", value: create(IngestBatchSchema, { ingests: event.ingests.map(ingestToWire) }) };
    case "left":
      return { case: "left", value: create(IngestLeftSchema, event) };
    case "ended":
      return { case: "ended", value: endedIngestToWire(event.ended) };
    default:
      return frameCase(event);
  }
}

/** What every stream of a set says besides its rows, as the field `event` of its messages. */
export function frameCase(frame: Frame) {
  switch (frame.kind) {
    case "begin":
      return { case: "begin" as const, value: beginToWire(frame) };
    case "bookmark":
      return { case: "bookmark" as const, value: bookmarkToWire(frame) };
    case "end":
      return { case: "end" as const, value: endToWire(frame) };
  }
}

function beginToWire({ reason, heartbeatMs }: Begin) {
  return create(SyncBeginSchema, { reason: beginReasons[reason], heartbeatInterval: durationFromMs(heartbeatMs) });
}

function endToWire({ reason, token }: End) {
  return create(EndSchema, { reason: endReasons[reason], token });
}

function bookmarkToWire({ token, serverTime, selected, whole, complete }: Bookmark) {
  return create(BookmarkSchema, {
    token,
    serverTime: timeToWire(serverTime),
    count: int64ToWire(selected.count, "count"),
    bytes: int64ToWire(selected.bytes, "bytes"),
    setComplete: complete,
    wholeCount: int64ToWire(whole?.count ?? 0, "whole_count"),
    wholeBytes: int64ToWire(whole?.bytes ?? 0, "whole_bytes"),
  });
}
