import type { Trouble } from "../../content/catalog.ts";
import type { Lease } from "../../content/lease.ts";
import { isLeaked } from "../../content/lease.ts";

/** Leases that are looked at for one answer. */
const mostLeases = 10_000;

/** Count what is in trouble at this moment. @param signal ends it early: the number is then at least so */
export async function countTrouble(
  leases: AsyncIterable<{ readonly lease: Lease }>,
  signal?: AbortSignal,
): Promise<Trouble> {
  const nowMs = Date.now();
  let [looked, leakedLeases] = [0, 0];
  for await (const { lease } of leases) {
    if (signal?.aborted || looked === mostLeases) return { leakedLeases, isComplete: false };
    looked += 1;
    if (isLeaked(lease, nowMs)) leakedLeases += 1;
  }
  return { leakedLeases, isComplete: true };
}
