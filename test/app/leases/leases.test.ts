import { expect, test } from "vitest";
import { leaseState, namedLease, sortLeases } from "../../../app/leases/kind.ts";
import type { LeaseRow } from "../../../content/catalog.ts";
import { held, leaseOf } from "../_catalog/rows.ts";
import { startMs } from "../_live/rows.ts";

const hourMs = 3_600_000;
const nowMs = startMs + 48 * hourMs;
const rows: readonly LeaseRow[] = [
  leaseOf("new", nowMs - hourMs),
  leaseOf("leaked", nowMs - 25 * hourMs),
  leaseOf("timed", nowMs - 40 * hourMs, { expiresAt: new Date(nowMs + hourMs) }),
  leaseOf("leaked-long", startMs),
  leaseOf("over", nowMs - 2 * hourMs, { expiresAt: new Date(nowMs - 1) }),
];
const idsBy = (id: string, isDescending: boolean) =>
  sortLeases(
    rows.map((row) => held<"leases">(row)),
    [{ id, isDescending }],
    nowMs,
  ).map(({ row }) => row.lease.id);

test("a lease without an end is leaked once it is older than a day", () => {
  expect(rows.map((row) => leaseState(row, nowMs))).toEqual(["lasting", "leaked", "expiring", "leaked", "expired"]);
  const [lasting] = rows;
  expect(lasting && leaseState(lasting, nowMs + 24 * hourMs)).toBe("leaked");
});

test("trouble comes first, then the oldest", () => {
  expect(idsBy("state", true)).toEqual(["leaked-long", "leaked", "timed", "over", "new"]);
});

test("what never expires comes behind what does", () => {
  expect(idsBy("expires", false)).toEqual(["over", "timed", "leaked-long", "leaked", "new"]);
});

test("a lease whose weight is being worked out is asked for by no size", () => {
  expect(namedLease(leaseOf("a"), nowMs).bytes).toBeUndefined();
  expect(namedLease(leaseOf("a", nowMs, { weight: { bytes: 5, onlyBytes: 0 } }), nowMs)).toMatchObject({
    bytes: 5,
    states: ["lasting"],
  });
});
