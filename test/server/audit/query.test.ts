import { describe, expect, test } from "vitest";
import { auditActs } from "../../../content/audit.ts";
import { readEventsPage, visibleEvents } from "../../../server/audit/pages.ts";
import { compileEvents } from "../../../server/audit/select.ts";
import { now } from "../../../server/clock.ts";
import { fullAccess } from "../../../server/policy/access.ts";
import { sha256 } from "../services/calls.ts";
import { eventsOf, openTestAudit } from "./support.ts";

const hour = 3_600_000;
const one = sha256("1");
const two = sha256("2");

async function openFilled() {
  const audit = await openTestAudit();
  const at = new Date(Date.now() - 3 * hour);
  const seen = { store: "local", namespace: "k8s.io", peer: "unix socket", userAgent: "containerd/v2" };
  audit.record({ ...seen, act: "write", kind: "blob", name: "layer-1", digest: one, bytes: 1000, at });
  audit.record({ ...seen, act: "label", kind: "blob", digest: one, bytes: 1000, who: "mei" });
  audit.record({ ...seen, act: "delete", kind: "image", name: "app:1", digest: two, who: "meike", namespace: "moby" });
  audit.record({ act: "collect", kind: "blob", cause: "collection", digest: two, bytes: 5, store: "other" });
  audit.record({ ...seen, act: "abort", kind: "ingest", name: "layer-2", code: "not-found", peer: "10.0.0.7" });
  return audit;
}

test.each<[string, readonly number[]]>([
  ["", [5, 4, 3, 2, 1]],
  ["act:delete", [3]],
  ["act:delete act:label", [3, 2]],
  ["-act:write -act:label", [5, 4, 3]],
  ["who:mei", [2]],
  ["who:/^mei/", [3, 2]],
  ["-who:/./", [5, 4, 1]],
  ["from:10.0", [5]],
  ['from:"unix socket" kind:blob', [2, 1]],
  ["from:containerd", [5, 3, 2, 1]],
  ["object:layer", [5, 1]],
  ["object:/^layer-[23]$/", [5]],
  ["ref:layer", [5, 1]],
  ["ref:app", []],
  [`digest:${one.slice(0, 20)}`, [2, 1]],
  [one.slice(7, 17), [2, 1]],
  [`-digest:${one}`, [5, 4, 3]],
  ["kind:image kind:ingest", [5, 3]],
  ["-code:ok", [5]],
  ["code:not-found", [5]],
  ["cause:collection", [4]],
  ["age:>1h", [1]],
  ["age:<1h -cause:collection", [5, 3, 2]],
  ["size:>=1000", [2, 1]],
  ["size:5..6", [4]],
  ["-size:>=1000", [5, 4, 3]],
  ["ns:moby ns:k8s.io", [5, 3, 2, 1]],
  ["store:other", [4]],
  ["app", [3]],
  ["meike", [3]],
  ["%", []],
])("the query %j finds the events %j", async (query, ids) => {
  expect((await eventsOf(await openFilled(), query)).map(({ id }) => id)).toEqual(ids);
});

test.each<[string, string]>([
  ["act:remove-all", `no act is "remove-all"; they are ${auditActs.join(", ")}`],
  ["state:stalled", "events have act, who,"],
  ["age:5m", "less or more than 5m?"],
  ["who:/(/", "missing closing"],
])("the query %j is refused", async (query, reason) => {
  await expect(eventsOf(await openTestAudit(), query)).rejects.toThrow(reason);
});

test("looking for what is rare leaves turns of the event loop to others", async () => {
  const audit = await openTestAudit();
  for (let index = 0; index < 4000; index++) audit.record({ act: "write", name: `layer-${index}` });
  await audit.flush();
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  expect(await eventsOf(audit, "object:layer-17 -object:layer-17")).toEqual([]);
  isDone = true;
  expect(turns).toBeGreaterThanOrEqual(3);
});

describe("pages", () => {
  const all = visibleEvents({ query: "act:label", namespaces: [] }, fullAccess);
  const { signal } = new AbortController();

  test("follow each other without a gap while events come, and count what there is", async () => {
    const audit = await openTestAudit();
    for (let index = 1; index <= 450; index++) audit.record({ act: index % 2 === 0 ? "label" : "write" });
    await audit.flush();
    const ids: number[] = [];
    let token = "";
    do {
      const page = await readEventsPage(audit, all, { size: 100, token, before: 0 }, signal);
      expect(page.total).toBeGreaterThanOrEqual(225);
      expect(page.isExact).toBe(true);
      ids.push(...page.events.map(({ id }) => id));
      token = page.next;
      audit.record({ act: "label" });
      await audit.flush();
    } while (token !== "");
    expect(ids).toEqual(Array.from({ length: 225 }, (_, index) => 450 - 2 * index));
    const behind = await readEventsPage(audit, all, { size: 2, token: "", before: 100 }, signal);
    expect(behind.events.map(({ id }) => id)).toEqual([98, 96]);
  });

  test("take no token of another selection", async () => {
    const audit = await openFilled();
    await audit.flush();
    const everything = visibleEvents({ query: "", namespaces: ["*"] }, fullAccess);
    const { next } = await readEventsPage(audit, everything, { size: 1, token: "", before: 0 }, signal);
    await expect(readEventsPage(audit, all, { size: 1, token: next, before: 0 }, signal)).rejects.toThrow(
      "page_token is of another selection",
    );
    await expect(readEventsPage(audit, all, { size: 1, token: "abc", before: 0 }, signal)).rejects.toThrow(
      "page_token is none of this server's",
    );
  });
});

test("who may see some namespaces and stores sees the events of those, and none of the server's", async () => {
  const audit = await openFilled();
  audit.record({ act: "sign-in", kind: "session", who: "mei" });
  await audit.flush();
  const access = { ...fullAccess, role: "auditor", namespaces: ["moby", "n"], stores: ["local"] } as const;
  const read = async (namespaces: readonly string[]) => {
    const condition = compileEvents(visibleEvents({ query: "", namespaces }, access), now());
    return (await Array.fromAsync(audit.reader.newest(audit.range, condition, 10))).flat().map(({ id }) => id);
  };
  expect(await read([])).toEqual([3]);
  expect(await read(["*"])).toEqual([3]);
  expect(await read(["n"])).toEqual([]);
  await expect(read(["k8s.io"])).rejects.toMatchObject({ kind: "permission-denied" });
});
