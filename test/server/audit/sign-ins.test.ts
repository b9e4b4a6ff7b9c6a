import { expect, test } from "vitest";
import { getAuditPage } from "../../../content/remote/audit.ts";
import { Role } from "../../../gen/stowage/v1/access_pb.js";
import { refusalLimits } from "../../../server/audit/refusals.ts";
import { grpcTransport } from "../../support/grpc.ts";
import { serveGuarded } from "../access/guarded.ts";
import { ask } from "../listen/serve.ts";
import { eventsOf, openTestAudit } from "./support.ts";

test("nobody fills the audit who is not signed in: signing out is recorded of a session alone", async () => {
  const { url, token, socket } = await serveGuarded();
  const post = (method: string, message: object, cookie = "") =>
    ask(`${url}/stowage.v1.AccessService/${method}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(cookie && { cookie }) },
      body: JSON.stringify(message),
    });
  const { headers } = await post("SignIn", { token: await token({ name: "mei", role: Role.READER }) });
  const cookie = headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
  const unknown = `${cookie.split("=")[0]}=${"a".repeat(43)}`;
  for (const shown of ["", unknown, cookie, cookie, ""]) expect((await post("SignOut", {}, shown)).status).toBe(200);
  const read = async () => {
    const { events } = await getAuditPage(grpcTransport(socket), { selection: { query: "kind:session" }, size: 20 });
    return events.map(({ act, who, code }) => [act, who, code]);
  };
  await expect.poll(read).toEqual([
    ["sign-out", "mei", "ok"],
    ["sign-in", "mei", "ok"],
  ]);
});

test("who signs in again and again pushes nothing out: of many that are alike some are recorded, and how many more", async () => {
  const audit = await openTestAudit({ refusals: { ...refusalLimits, each: 3, apart: 10, spanMs: 3_600_000 } });
  for (let count = 0; count < 50; count += 1) {
    audit.record({ act: "sign-in", kind: "session", who: "mei", peer: `2001:db8::${count}`, code: "ok" });
    audit.record({ act: "delete", kind: "blob", who: "mei", peer: "10.0.0.1", code: "ok" });
  }
  expect(await eventsOf(audit, "act:sign-in")).toHaveLength(3);
  expect(await eventsOf(audit, "act:delete")).toHaveLength(50);
});
