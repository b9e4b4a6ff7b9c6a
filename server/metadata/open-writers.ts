import type { IngestRow } from "../feed/change.ts";

/** The writers of this process, by the id of their ingest: what is known of an ingest beside its row. */
export interface OpenWriters {
  /** The ingest as its writer has brought it; absent when nobody writes it. */
  get(id: number): IngestRow | undefined;
  /** A writer has opened the ingest, or brought it on. */
  set(id: number, row: IngestRow): void;
  values(): Iterable<IngestRow>;
  /** @returns false where nobody wrote it */
  delete(id: number): boolean;
}

/** No writer is open. */
export function createOpenWriters(): OpenWriters {
  return new Map();
}
