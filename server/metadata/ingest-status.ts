import type { Digest } from "../../content/digest.ts";
import { isKind } from "../../content/errors.ts";
import { toMoment } from "../../content/instant.ts";
import type { Info, Status, Store } from "../../content/store.ts";
import type { IngestRow } from "../feed/change.ts";
import type { Core } from "./core.ts";
import type { StoredIngest } from "./ingest-rows.ts";
import { toStoreRef } from "./store-ref.ts";

/** An ingest as it is now: its row, with how far it is from its writer or from the store below. */
export async function describeIngest(
  { below, writers }: Pick<Core, "below" | "writers">,
  row: StoredIngest,
): Promise<IngestRow> {
  const open = writers.get(row.id);
  if (open !== undefined) return open;
  return toIngestRow(row, await statusBelow(below, row));
}

/** An ingest that nobody writes. */
export function toIngestRow(row: StoredIngest, status: Status): IngestRow {
  return {
    namespace: row.namespace,
    status,
    holder: "",
    ...(row.expires_at !== null && { expiresAt: toMoment(row.expires_at) }),
    lastError: row.last_error,
  };
}

/** The status of an ingest for its callers, from that of the store below. */
export function toStatus(row: StoredIngest, below: Pick<Status, "offset" | "total" | "updatedAt">): Status {
  return {
    ref: row.ref,
    offset: below.offset,
    total: below.total,
    ...(row.expected !== null && { expected: row.expected as Digest }),
    startedAt: toMoment(row.started_at),
    updatedAt: below.updatedAt,
  };
}

/** The status of an ingest whose bytes are all there already, in a blob of another namespace. */
export function toOfferedStatus(row: StoredIngest, { size }: Pick<Info, "size">): Status {
  return toStatus(row, { offset: size, total: size, updatedAt: toMoment(row.started_at) });
}

async function statusBelow(below: Store, row: StoredIngest): Promise<Status> {
  try {
    if (row.offered !== null) return toOfferedStatus(row, await below.info(row.offered as Digest));
    return toStatus(row, await below.status(toStoreRef(row)));
  } catch (error) {
    if (!isKind(error, "not-found")) throw error;
    return toStatus(row, { offset: 0, total: 0, updatedAt: toMoment(row.started_at) });
  }
}
