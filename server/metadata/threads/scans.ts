import { microsOf } from "../../../content/instant.ts";
import type { BlobRow } from "../../feed/change.ts";
import type { ScannedPage, ScanQuery } from "../../feed/scan-query.ts";
import type { CompiledSelection } from "../../feed/selection.ts";
import { blobFromColumns } from "../blobs.ts";
import type { Count } from "../metadata.ts";
import type { PageKey, RowForm } from "./job.ts";
import type { ReaderThreads } from "./pool.ts";

/** Metadata.scan on a thread. */
export async function* scanBeside(
  threads: Pick<ReaderThreads, "piece">,
  { selection: { asked }, order, after, including = false }: ScanQuery,
  form: RowForm,
  signal?: AbortSignal,
): AsyncGenerator<ScannedPage, void, undefined> {
  let from = { including, ...(after && { after: keyOf(after) }) };
  for (;;) {
    const piece = await unlessAborted(threads.piece({ asked, order, form, ...from }, signal), signal);
    if (piece === undefined) return;
    const { sequence, encoded, last, more } = piece;
    const place = last && blobFromColumns({ ...last, labels: "{}" });
    yield { rows: piece.rows.map(blobFromColumns), last: place, sequence, ...(encoded && { encoded }) };
    if (!more || last === undefined) return;
    from = { including: false, after: last };
  }
}

/** Metadata.count on a thread. */
export function countBeside(
  threads: Pick<ReaderThreads, "count">,
  { asked }: CompiledSelection,
  signal: AbortSignal,
): Count {
  const progress = new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT);
  const [soFar, counting] = [new Float64Array(progress), threads.count({ asked, progress }, signal)];
  let totals: Count["totals"] | undefined;

  async function count(): Promise<number> {
    const counted = await unlessAborted(counting, signal);
    totals = counted?.totals;
    return counted?.sequence ?? 0;
  }

  return {
    get totals() {
      return totals ?? { count: soFar[0] ?? 0, bytes: soFar[1] ?? 0 };
    },
    done: count(),
  };
}

/** @returns absent where nobody waits any more */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  }
}

function keyOf({ namespace, info: { digest, size, createdAt, updatedAt } }: BlobRow): PageKey {
  return { namespace, digest, size, created_at: microsOf(createdAt), updated_at: microsOf(updatedAt) };
}
