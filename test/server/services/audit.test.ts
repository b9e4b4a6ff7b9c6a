import { Code, createClient } from "@connectrpc/connect";
import { expect, onTestFinished, test } from "vitest";
import type { ListEventsResponse } from "../../../gen/stowage/v1/audit_pb.js";
import { AuditService } from "../../../gen/stowage/v1/audit_pb.js";
import { feedTiming } from "../../../server/feed/timing.ts";
import { createStreamPlaces } from "../../../server/policy/stream-places.ts";
import { createAuditService } from "../../../server/services/audit.ts";
import { openTestAudit } from "../audit/support.ts";
import { failure, transportTo } from "./calls.ts";

async function open(timing = feedTiming) {
  const audit = await openTestAudit();
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  const places = createStreamPlaces({ perConnection: 1, overall: 2 });
  const service = createAuditService(audit, { stopping: stopping.signal, timing, places });
  return { audit, client: createClient(AuditService, transportTo(service)), stopping };
}

const caseOf = ({ event }: ListEventsResponse) => event.case;
const idsOf = ({ event }: ListEventsResponse) =>
  event.case === "batch" ? event.value.events.map(({ id }) => Number(id)) : [];

test("a stream tells the newest of a query, then what comes, and ends when the server stops", async () => {
  const { audit, client, stopping } = await open();
  for (let index = 1; index <= 5; index++) audit.record({ act: index % 2 === 0 ? "label" : "write" });
  await audit.flush();
  const told = client.listEvents({ selection: { query: "act:write" }, limit: 2, follow: true })[Symbol.asyncIterator]();
  const next = async (): Promise<ListEventsResponse> => (await told.next()).value;
  expect(caseOf(await next())).toBe("begin");
  const kept = await next();
  expect(kept.event).toMatchObject({ case: "kept", value: { since: { seconds: expect.any(BigInt) } } });
  expect(idsOf(await next())).toEqual([5, 3]);
  const bookmark = await next();
  expect(bookmark.event).toMatchObject({ case: "bookmark", value: { setComplete: true, wholeCount: 5n, count: 2n } });
  for (const act of ["label", "write", "write"] as const) audit.record({ act });
  expect(idsOf(await next())).toEqual([7, 8]);
  stopping.abort();
  let last = await next();
  while (caseOf(last) !== "end") last = await next();
  expect(last.event).toMatchObject({ case: "end", value: { reason: 3 } });
});

test("a set that is not followed ends with it; what is wrong is said at once", async () => {
  const { client } = await open();
  expect((await Array.fromAsync(client.listEvents({}))).map(caseOf)).toEqual(["begin", "kept", "bookmark", "end"]);
  const refused = async (request: Parameters<typeof client.listEventsPage>[0]) =>
    (await failure(client.listEventsPage(request))).code;
  expect(await refused({ pageSize: -1 })).toBe(Code.InvalidArgument);
  expect(await refused({ selection: { query: "act:fly" } })).toBe(Code.InvalidArgument);
  expect(await refused({ selection: { namespaces: ["a", "*"] } })).toBe(Code.InvalidArgument);
  expect(await refused({ pageToken: "x" })).toBe(Code.InvalidArgument);
  const stream = Array.fromAsync(client.listEvents({ selection: { query: 'who:"' } }));
  expect((await failure(stream)).code).toBe(Code.InvalidArgument);
});
