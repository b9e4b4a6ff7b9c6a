import type { BeginEvent, Blob, BookmarkEvent, ConnectionEvent, Ingest } from "../../content/remote/events.ts";
import type { CatalogItem } from "./catalog-events.ts";
import type { Heard } from "./hub-messages.ts";
import { blobKey, ingestKey } from "./keys.ts";
import type { LiveEvent } from "./live-event.ts";

/** What is known of a live set: enough to tell it to somebody who joins late. */
export interface SharedSet {
  /** The next event of the stream. */
  take(event: LiveEvent): void;
  /** Begin to now, as a stream would have told it: each row once, as it is. What ended before is not told. */
  all(): readonly LiveEvent[];
}

/** Rows by their keys. */
interface Rows {
  readonly blobs: Map<string, Blob>;
  readonly ingests: Map<string, Ingest>;
  readonly items: Map<string, CatalogItem>;
}

/** A set of which nothing is known. */
export function createSharedSet(): SharedSet {
  let connection: (ConnectionEvent & Heard) | undefined;
  let begin: (BeginEvent & Heard) | undefined;
  let bookmark: (BookmarkEvent & Heard) | undefined;
  let rows = noRows();
  let isComplete = false;

  function take(event: LiveEvent): void {
    switch (event.kind) {
      case "connection":
        connection = { ...event, heardAt: lostSince(connection, event) };
        return;
      case "begin":
        begin = { ...event, heardAt: new Date() };
        bookmark = undefined;
        rows = noRows();
        isComplete = false;
        return;
      case "bookmark":
        bookmark = { ...event, heardAt: new Date() };
        isComplete ||= event.complete;
        return;
      default:
        return takeRows(rows, event);
    }
  }

  function all(): readonly LiveEvent[] {
    const events: LiveEvent[] = [];
    if (begin) events.push(begin);
    if (rows.blobs.size > 0) events.push({ kind: "blobs", blobs: [...rows.blobs.values()] });
    if (rows.ingests.size > 0) events.push({ kind: "ingests", ingests: [...rows.ingests.values()] });
    if (rows.items.size > 0) events.push({ kind: "items", items: [...rows.items.values()] });
    if (bookmark) events.push({ ...bookmark, complete: isComplete });
    if (connection) events.push(connection);
    return events;
  }

  return { take, all };
}

function noRows(): Rows {
  return { blobs: new Map(), ingests: new Map(), items: new Map() };
}

/** A loss counts from its first event. */
function lostSince(before: (ConnectionEvent & Heard) | undefined, { state }: ConnectionEvent): Date {
  const isStillLost = state !== "live" && before !== undefined && before.state !== "live";
  return (isStillLost ? before.heardAt : undefined) ?? new Date();
}

type RowEvent = Exclude<LiveEvent, { readonly kind: "connection" | "begin" | "bookmark" }>;

function takeRows({ blobs, ingests, items }: Rows, event: RowEvent): void {
  switch (event.kind) {
    case "blobs":
      for (const blob of event.blobs) blobs.set(blobKey(blob), blob);
      return;
    case "removed":
      blobs.delete(`${event.namespace} ${event.digest}`);
      return;
    case "ingests":
      for (const ingest of event.ingests) ingests.set(ingestKey(ingest.namespace, ingest.status.ref), ingest);
      return;
    case "items":
      for (const item of event.items) items.set(item.key, item);
      return;
    case "gone":
      items.delete(event.key);
      return;
    case "left":
      ingests.delete(ingestKey(event.namespace, event.ref));
      return;
    case "ended":
      ingests.delete(ingestKey(event.ended.namespace, event.ended.ref));
  }
}
