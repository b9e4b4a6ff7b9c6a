import { expect, test } from "vitest";
import { auditItems } from "../../../app/_live/audit-items.ts";
import type { CatalogEvent } from "../../../app/_live/catalog-events.ts";
import { createHeldEvents, eventLimits } from "../../../app/_live/events.ts";
import type { AuditEvent } from "../../../content/audit.ts";

const blank = {
  who: "",
  peer: "",
  userAgent: "",
  method: "",
  store: "",
  namespace: "",
  kind: "",
  name: "",
  digest: "",
};

function event(id: number): AuditEvent {
  const rest = { code: "ok", error: "", call: "", cause: "client", more: 0, changes: [], changesLeftOut: 0 };
  return { ...blank, ...rest, act: "write", id, at: new Date(1_770_000_000_000 + id) };
}

const items = (...ids: readonly number[]): CatalogEvent & { readonly kind: "items" } => ({
  kind: "items",
  items: ids.map((id) => ({ of: "events", key: String(id), row: event(id) })),
});
const begin = { kind: "begin", source: "stream", heartbeatMs: 1000 } as const;
const counts = { count: 0, bytes: 0, wholeCount: 0, wholeBytes: 0 };
const complete = { kind: "bookmark", serverTime: new Date(), complete: true, ...counts } as const;
const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, index) => from - index);

test("events stand newest first, and what comes is new", () => {
  const held = createHeldEvents();
  for (const each of [begin, items(3, 2), items(1), complete] as const) held.take(each, 5);
  expect(held.isComplete).toBe(true);
  expect(held.hasOlder).toBe(false);
  held.take(items(4, 5), 9);
  expect(held.rows.map(({ row, newAt }) => [row.id, newAt])).toEqual([
    [5, 9],
    [4, 9],
    [3, undefined],
    [2, undefined],
    [1, undefined],
  ]);
});

test("the first of a set that takes long are there before it is complete", () => {
  const held = createHeldEvents();
  for (const each of [begin, items(9, 8)] as const) held.take(each, 0);
  expect(held.rows).toHaveLength(2);
  expect(held.isComplete).toBe(false);
});

test("what a connection missed joins what is held; where too much was missed, it begins anew", () => {
  const held = createHeldEvents();
  const whole = eventLimits.window;
  for (const each of [begin, items(...down(1500, 501)), complete] as const) held.take(each, 0);
  expect(held.hasOlder).toBe(true);
  held.append(down(500, 301).map(event), true);
  for (const each of [begin, items(...down(1600, 601)), complete] as const) held.take(each, 0);
  expect(held.rows).toHaveLength(1300);
  expect([held.rows[0]?.row.id, held.rows.at(-1)?.row.id]).toEqual([1600, 301]);
  for (const each of [begin, items(...down(5000, 5001 - whole)), complete] as const) held.take(each, 0);
  expect(held.rows).toHaveLength(whole);
  expect(held.hasOlder).toBe(true);
  held.append([event(4000)], false);
  expect(held.hasOlder).toBe(false);
});

test("whoever joins a stream late is told the newest thousand", async () => {
  async function* told() {
    yield begin;
    for (let id = 1500; id > 500; id -= 200) yield { kind: "events", events: down(id, id - 199).map(event) } as const;
    yield complete;
    yield { kind: "events", events: [event(1501), event(1502)] } as const;
  }
  const keys = new Set<string>();
  for await (const each of auditItems(told())) {
    if (each.kind === "items") for (const { key } of each.items) keys.add(key);
    if (each.kind === "gone") keys.delete(each.key);
  }
  expect(keys.size).toBe(1000);
  expect(keys.has("1502")).toBe(true);
  expect(keys.has("502")).toBe(false);
});
