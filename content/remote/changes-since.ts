import type { Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { ContentService } from "../../gen/stowage/v1/content_pb.js";
import { isKind } from "../errors.ts";
import { selectionToWire, timeFromWire, unknownTime } from "../wire.ts";
import { messagesOf } from "./call.ts";
import type { Selection } from "./events.ts";

/** What happened to the rows of a set; a row counts once, as it is now. */
export interface SetChanges {
  /** Committed since. */
  readonly added: number;
  /** Known before, with other labels now, or selected only since. */
  readonly changed: number;
  /** Deleted, or no longer selected. */
  readonly removed: number;
}

interface SinceOptions {
  readonly selection: Selection;
  /** As ListRequest.order_by. */
  readonly orderBy: string;
  /** BlobPage.token of a page of the same selection and order. */
  readonly token: string;
  /** When that page was read, by the server's clock. */
  readonly since: Date;
}

/**
 * What happened to a set of blobs since a page of it was read (ContentService.List from a resume token to its first
 * bookmark).
 *
 * @returns undefined where the server does not remember so far back, or cannot tell at all
 */
export async function changesSince(
  transport: Transport,
  { selection, orderBy, token, since }: SinceOptions,
  signal: AbortSignal,
): Promise<SetChanges | undefined> {
  const client = createClient(ContentService, transport);
  const request = { selection: selectionToWire(selection), orderBy, watch: { follow: false, resumeToken: token } };
  const rows = new Map<string, keyof SetChanges>();
  try {
    for await (const { event } of messagesOf((s) => client.list(request, { signal: s }), signal)) {
      if (event.case === "begin" || event.case === "end") return undefined;
      if (event.case === "bookmark") return countOf(rows.values());
      if (event.case === "removed") rows.set(`${event.value.namespace} ${event.value.digest}`, "removed");
      if (event.case !== "batch") continue;
      for (const { namespace, info } of event.value.items) {
        const createdAt = timeFromWire(info?.createdAt) ?? unknownTime;
        // Both are told to the millisecond, and what is told here came after the page.
        rows.set(`${namespace} ${info?.digest}`, createdAt >= since ? "added" : "changed");
      }
    }
    return undefined;
  } catch (error) {
    if (isKind(error, "not-implemented") || isKind(error, "invalid-argument")) return undefined;
    throw error;
  }
}

function countOf(kinds: Iterable<keyof SetChanges>): SetChanges {
  const counts = { added: 0, changed: 0, removed: 0 };
  for (const kind of kinds) counts[kind] += 1;
  return counts;
}
