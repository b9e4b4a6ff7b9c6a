import { expect, test } from "vitest";
import type { AuditEntry } from "../../../server/audit/entry.ts";
import { createRefusals, refusalLimits } from "../../../server/audit/refusals.ts";

const dayMs = 86_400_000;

/** Refusals at a time that the test sets, whose spans end when the test ends them. */
function keep() {
  const recorded: AuditEntry[] = [];
  const clock = { ms: 0 };
  const refusals = createRefusals(
    (entry) => void recorded.push(entry),
    refusalLimits,
    () => clock.ms,
  );
  return {
    clock,
    refusals,
    endSpan: () => refusals[Symbol.dispose](),
    /** What was recorded since this was asked. */
    taken: () => recorded.splice(0),
  };
}

const sumOf = (entries: readonly AuditEntry[]) => entries.reduce((sum, { more = 1 }) => sum + more, 0);

test("whoever has no token pushes nothing out, however many addresses they have and whatever they try", () => {
  const { refusals, endSpan, taken } = keep();
  const acts = ["write", "delete", "label", "create", "revoke"] as const;
  for (let network = 0; network < 500; network += 1) {
    for (const act of acts) {
      refusals.add({ act, peer: `2001:db8:0:${network.toString(16)}::1`, code: "unauthenticated" });
    }
  }
  endSpan();
  const first = taken();
  expect(first.length).toBe(refusalLimits.strangers + 1);
  expect(sumOf(first)).toBe(2500);
  expect(first[0]).toMatchObject({ act: "write", peer: "2001:db8:0:0::1" });
  for (let minute = 0; minute < 60; minute += 1) {
    for (const act of acts) refusals.add({ act, peer: "10.0.0.7", code: "resource-exhausted" });
    endSpan();
  }
  const later = taken();
  expect([later.length, sumOf(later)]).toEqual([60, 300]);
});

test("those whom somebody knows are told as ever meanwhile, and strangers again as time goes on", () => {
  const { refusals, clock, endSpan, taken } = keep();
  const stranger = { act: "delete", peer: "10.0.0.7", code: "unauthenticated" } as const;
  for (let network = 0; network < 1000; network += 1) refusals.add({ ...stranger, peer: `10.0.${network % 250}.7` });
  endSpan();
  taken();
  const rob = { ...stranger, who: "rob", code: "permission-denied" } as const;
  const local = { ...stranger, code: "not-found" } as const;
  for (const entry of [rob, local, stranger]) refusals.add(entry);
  expect(taken()).toEqual([rob, local]);
  endSpan();
  expect(taken()).toEqual([{ act: "delete", code: "unauthenticated", more: 1 }]);
  clock.ms += dayMs / 100;
  refusals.add(stranger);
  expect(taken()).toEqual([stranger]);
});
