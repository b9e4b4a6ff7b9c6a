import type { Digest } from "../../content/digest.ts";
import type { BlobRow } from "./change.ts";
import type { LoggedBlob } from "./change-log.ts";
import type { CompiledSelection } from "./selection.ts";
import { nextTurn } from "./turns.ts";
import { rowKey } from "./window.ts";

/** A row that was selected at some time while its reader was away, and changed then. */
export interface MissedRow {
  readonly namespace: string;
  readonly digest: Digest;
  /** As it is after all changes; absent: gone. */
  readonly row: BlobRow | undefined;
}

/** Changes that are looked at in one turn of the event loop. */
const turnChanges = 2000;

/**
 * What a reader missed, one entry a row, in the order in which the rows first changed.
 *
 * @returns absent for more than `most` rows, and once the signal aborts
 */
export async function collectMissed(
  changes: readonly LoggedBlob[],
  { selection, most, signal }: { selection: CompiledSelection; most: number; signal: AbortSignal },
): Promise<readonly MissedRow[] | undefined> {
  const missed = new Map<string, MissedRow>();
  for (const [index, { namespace, digest, before, after }] of changes.entries()) {
    if (index % turnChanges === turnChanges - 1) await nextTurn();
    if (signal.aborted || missed.size > most) return undefined;
    if (!selection.covers({ namespace })) continue;
    const key = rowKey(namespace, digest);
    const wasSelected = [before, after].some((row) => row !== undefined && selection.selectsBlob(row));
    // The reader may hold it as it was in between: it must hear of what came later, selected or not.
    if (wasSelected || missed.has(key)) missed.set(key, { namespace, digest, row: after });
  }
  return missed.size > most ? undefined : [...missed.values()];
}
