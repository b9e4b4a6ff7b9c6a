import type { Digest } from "../../content/digest.ts";
import { isKind } from "../../content/errors.ts";
import { now } from "../clock.ts";
import type { IngestOutcome } from "../feed/change.ts";
import type { Core } from "./core.ts";
import type { StoredIngest } from "./ingest-rows.ts";
import { removeIngest } from "./ingest-rows.ts";
import { describeIngest } from "./ingest-status.ts";
import { toStoreRef } from "./store-ref.ts";

/** Why an ingest is dropped. */
export interface DropReason {
  readonly outcome: Exclude<IngestOutcome["outcome"], "committed">;
  /** The blob that is there instead. */
  readonly digest?: Digest;
  /** Who did it, for people; empty: nobody is known. */
  readonly by: string;
}

/**
 * End an ingest without a blob; its bytes go, also under a writer.
 *
 * @returns false where it had ended before
 */
export async function dropIngest(core: Core, row: StoredIngest, { outcome, digest, by }: DropReason): Promise<boolean> {
  const before = await describeIngest(core, row);
  const { namespace, ref } = row;
  const end = { outcome, ...(digest && { digest }), size: before.status.offset, by, endedAt: now() };
  const dropped = await core.transactions.durable((tables, note) => {
    if (removeIngest(tables, row.id) === undefined) return false;
    note({ kind: "ingest", namespace, ref, before: core.writers.get(row.id) ?? before, end });
    core.writers.delete(row.id);
    return true;
  });
  await dropBelow(core, row);
  return dropped;
}

/** The bytes of an ingest that has no row any more go. */
export async function dropBelow({ below }: Pick<Core, "below">, row: StoredIngest): Promise<void> {
  try {
    await below.abort(toStoreRef(row));
  } catch (error) {
    if (!isKind(error, "not-found")) throw error;
  }
}
