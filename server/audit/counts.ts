import type { AuditAct } from "../../content/audit.ts";
import type { AuditEntry } from "./entry.ts";

/** What came of it: done; refused to who may not; or failed in another way. */
export type Outcome = "done" | "refused" | "failed";

/** Things that were done, or were to be done, alike. */
export interface AuditCount {
  readonly act: AuditAct;
  readonly outcome: Outcome;
  readonly count: number;
}

/** Counts what is handed in, whether it is recorded one by one or not. */
export interface AuditCounts {
  add(entry: AuditEntry): void;
  all(): readonly AuditCount[];
}

/** Codes of what somebody was not allowed to do. */
const refusedCodes: readonly string[] = ["permission-denied", "unauthenticated"];

/** Nothing was done yet. */
export function createAuditCounts(): AuditCounts {
  const byAct = new Map<AuditAct, Record<Outcome, number>>();
  return {
    add({ act, code = "ok" }) {
      const counts = byAct.get(act) ?? { done: 0, refused: 0, failed: 0 };
      counts[outcomeOf(code)] += 1;
      byAct.set(act, counts);
    },
    all: () =>
      [...byAct].flatMap(([act, { done, refused, failed }]): readonly AuditCount[] => [
        { act, outcome: "done", count: done },
        { act, outcome: "refused", count: refused },
        { act, outcome: "failed", count: failed },
      ]),
  };
}

function outcomeOf(code: string): Outcome {
  if (code === "ok") return "done";
  return refusedCodes.includes(code) ? "refused" : "failed";
}
