import { declaredSize } from "../../content/descriptor.ts";
import type { Digest } from "../../content/digest.ts";
import { throwIfCancelled } from "../../content/errors.ts";
import { compileFilters, statusAdaptor } from "../../content/filters.ts";
import { parseDigest } from "../../content/parse-digest.ts";
import type { Descriptor, Status } from "../../content/store.ts";
import { checkTotal } from "./refusals.ts";

/** An ingest, as a bare store keeps it while it runs. */
export interface Ingest {
  readonly ref: string;
  readonly startedAt: Date;
  /** Bytes; 0 when unknown. */
  total: number;
  expected: Digest | undefined;
  /** Bytes that are kept. */
  offset: number;
  updatedAt: Date;
  /** True once it was dropped under its writer, which stops then. */
  aborted: boolean;
}

/** What is told of an ingest. */
export function statusOf({ ref, offset, total, expected, startedAt, updatedAt }: Ingest): Status {
  return { ref, offset, total, ...(expected !== undefined && { expected }), startedAt, updatedAt };
}

/**
 * Take over what a writer declares at open; what it leaves out stays.
 *
 * @throws `failed-precondition` for another total than before; `invalid-argument` for what is no size or digest
 */
export function declare(ingest: Ingest, { size, digest }: Descriptor): void {
  const total = declaredSize(size);
  checkTotal(total ?? 0, ingest.total);
  ingest.total = total ?? ingest.total;
  if (digest !== undefined) ingest.expected = parseDigest(digest);
}

/** Store.listStatuses over all ingests: those of the moment of the first row, in the order of refs. */
export async function* listStatuses(
  ingests: ReadonlyMap<string, Ingest>,
  filters?: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<Status, void, undefined> {
  const matches = compileFilters(filters);
  const statuses = [...ingests.values()].filter((ingest) => matches(statusAdaptor(ingest))).map(statusOf);
  statuses.sort((a, b) => (a.ref < b.ref ? -1 : 1));
  for (const status of statuses) {
    throwIfCancelled(signal);
    yield status;
  }
}
