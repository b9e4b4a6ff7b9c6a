import { expect, test } from "vitest";
import type { EventRow, EventsView } from "../../../app/_live/events.ts";
import { howManyMatch } from "../../../app/activity/how-many.ts";

/** What came so far: a thousand rows, with older ones behind them. */
function view(some: Partial<EventsView>): EventsView {
  const rows = Array.from({ length: 1000 }, () => ({}) as EventRow);
  return { rows, hasOlder: true, isComplete: true, isFull: false, ...some } as EventsView;
}

test("without a query all that are kept match, however many came", () => {
  expect(howManyMatch(view({ whole: 10_073 }), "")).toBe("10,073");
  expect(howManyMatch(view({ whole: 999 }), "")).toBe("1,000");
});

test("of a query the server's count is told, and while it counts that there are more", () => {
  expect(howManyMatch(view({ whole: 10_073 }), "act:write")).toBe("≥ 1,000");
  expect(howManyMatch(view({ total: { total: 4000, isExact: false } }), "act:write")).toBe("≥ 4,000");
  expect(howManyMatch(view({ total: { total: 4000, isExact: true } }), "act:write")).toBe("4,000");
});

test("where all came they are counted here", () => {
  expect(howManyMatch(view({ hasOlder: false, total: { total: 4000, isExact: false } }), "act:write")).toBe("1,000");
});
