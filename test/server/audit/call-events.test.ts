import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { createCallAudit } from "../../../server/audit/call-events.ts";
import type { AuditEntry } from "../../../server/audit/entry.ts";
import { fullAccess } from "../../../server/policy/access.ts";
import type { AuditedCall } from "../../../server/policy/call-audit.ts";

const caller = { identity: "mei", userAgent: "ctr", address: "10.0.0.7" };
const call = { id: "c-1", store: "", namespace: "n", caller, access: fullAccess };

function entriesOf(ended: Partial<AuditedCall>): readonly AuditEntry[] {
  const entries: AuditEntry[] = [];
  const audit = createCallAudit({ record: (entry) => void entries.push(entry) }, "local");
  audit.end({ method: Content.method.write, call, subject: {}, facts: undefined, ...ended });
  return entries;
}

const denied = new ConnectError("reader may read but not write content", Code.PermissionDenied);

test("of a write only the commit is recorded, and whoever may not write at all", () => {
  expect(entriesOf({})).toEqual([]);
  expect(entriesOf({ error: new ConnectError("the client is gone", Code.Canceled) })).toEqual([]);
  expect(entriesOf({ facts: { name: "r", bytes: 3 } })).toMatchObject([{ act: "write", name: "r", code: "ok" }]);
  expect(entriesOf({ error: denied })).toMatchObject([{ act: "write", who: "mei", code: "permission-denied" }]);
});

test("what took effect went well, though its client did not wait for the answer", () => {
  const error = new ConnectError("the client is gone", Code.Canceled);
  expect(entriesOf({ facts: { name: "r", done: true }, error })).toMatchObject([{ code: "ok" }]);
  expect(entriesOf({ facts: { name: "r" }, error })).toMatchObject([{ code: "canceled", error: "the client is gone" }]);
});

test("calls of methods that change nothing are none of it", () => {
  const audit = createCallAudit({ record: () => expect.fail("recorded") }, "local");
  for (const method of [Content.method.read, Content.method.info, Content.method.list]) {
    expect(audit.covers(method)).toBe(false);
    audit.end({ method, call, subject: {}, facts: undefined, error: denied });
  }
  expect(audit.covers(Content.method.delete)).toBe(true);
});
