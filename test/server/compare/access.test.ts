import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { expect, test } from "vitest";
import { compareStores, copyMissing, listDifferences } from "../../../content/remote/compare.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { Role } from "../../../gen/stowage/v1/access_pb.js";
import { AuditService } from "../../../gen/stowage/v1/audit_pb.js";
import { grpcTransport } from "../../support/grpc.ts";
import { bearer, serveGuarded } from "../access/guarded.ts";
import { failure, putBlob } from "../services/calls.ts";
import { endOf, reportOf, side } from "./sides.ts";

const nobody = new AbortController().signal;

test("who may not see a side cannot compare it; a report is its caller's; a reader may look and not copy", async () => {
  const guarded = await serveGuarded();
  const socket = grpcTransport(guarded.socket);
  for (const namespace of ["mine", "theirs"]) {
    await putBlob(createRemoteStore(socket, { namespace }), `blob of ${namespace}`);
  }
  const as = async (draft: Parameters<typeof guarded.token>[0]) => {
    const headers = bearer(await guarded.token(draft));
    return createConnectTransport({
      baseUrl: guarded.url,
      httpVersion: "1.1",
      interceptors: [
        (next) => (request) => {
          for (const [name, value] of Object.entries(headers)) request.header.set(name, value);
          return next(request);
        },
      ],
    });
  };
  const narrow = await as({ role: Role.OPERATOR, namespaces: ["mine"] });
  const reader = await as({ role: Role.READER });
  const operator = await as({ role: Role.OPERATOR });

  const denied = failure(reportOf(compareStores(narrow, side("local", "theirs"), side("second"), nobody)));
  expect((await denied).rawMessage).toContain('namespace "theirs" is not among those that you may see');
  const seen = await reportOf(compareStores(narrow, side("local"), side("second"), nobody));
  expect([seen.namespaces.a, seen.totals["only-a"]]).toEqual([["mine"], { blobs: 1, bytes: 12 }]);

  const report = await reportOf(compareStores(reader, side("local"), side("second"), nobody));
  expect(report.totals["only-a"].blobs).toBe(2);
  const query = { report: report.id, part: "only-a" } as const;
  expect((await listDifferences(reader, query)).total).toBe(2);
  await expect(listDifferences(operator, query)).rejects.toMatchObject({ kind: "not-found" });
  const copy = { report: report.id, to: "b", namespace: "mine" } as const;
  await expect(endOf(copyMissing(reader, copy, nobody))).rejects.toMatchObject({
    kind: "permission-denied",
    message: expect.stringContaining("not copy content; operator or admin may"),
  });

  const elsewhere = { report: seen.id, to: "b", namespace: "theirs" } as const;
  await expect(endOf(copyMissing(narrow, elsewhere, nobody))).rejects.toMatchObject({ kind: "permission-denied" });
  expect((await endOf(copyMissing(narrow, { ...elsewhere, namespace: "mine" }, nobody))).copied.blobs).toBe(1);
  const audit = createClient(AuditService, socket);
  const told = async () => {
    const { events } = await audit.listEventsPage({ selection: { query: "act:copy" } });
    return events.map(({ store, namespace, name, bytes, code }) => [store, namespace, name, bytes, code]);
  };
  await expect.poll(told).toEqual([
    ["second", "mine", "from local", 12n, "ok"],
    ["second", "theirs", "", undefined, "permission-denied"],
    [expect.anything(), "", "", undefined, "permission-denied"],
  ]);
});
