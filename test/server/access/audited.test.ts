import { createClient } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { getAuditPage } from "../../../content/remote/audit.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { Role } from "../../../gen/stowage/v1/access_pb.js";
import { AuditService } from "../../../gen/stowage/v1/audit_pb.js";
import { bytes, put } from "../../suite/support.ts";
import { grpcTransport } from "../../support/grpc.ts";
import { failure, sha256 } from "../services/calls.ts";
import { bearer, serveGuarded } from "./guarded.ts";

test("what a role may not do is in the audit, with who tried it, in which store and namespace", async () => {
  const { admin, socket, dial } = await serveGuarded();
  const { text } = await admin.createToken({ name: "rob", role: Role.READER, stores: ["*"], namespaces: ["*"] });
  const headers = {
    authorization: `Bearer ${text}`,
    "containerd-namespace": "k8s.io",
    "stowage-store": "second",
  };
  await failure(createClient(Content, dial("connect")).delete({ digest: sha256("x") }, { headers }));
  const read = async () => {
    const { events } = await getAuditPage(grpcTransport(socket), { selection: { query: "act:delete" }, size: 10 });
    return events;
  };
  await expect
    .poll(read)
    .toMatchObject([{ who: "rob", act: "delete", store: "second", namespace: "k8s.io", code: "permission-denied" }]);
});

test("an auditor of some namespaces is told of no others, and not how many events those have", async () => {
  const { token, socket, dial } = await serveGuarded();
  const headers = bearer(await token({ role: Role.AUDITOR, namespaces: ["seen"] }));
  const write = async (namespace: string, text: string) =>
    void (await put(createRemoteStore(grpcTransport(socket), { namespace }), bytes(text)));
  for (const namespace of ["seen", "hidden", "hidden"]) await write(namespace, `${namespace} ${Math.random()}`);
  const client = createClient(AuditService, dial("connect"));
  const toldOf = async () => {
    const told = { namespaces: [] as string[], whole: -1 };
    for await (const { event } of client.listEvents({}, { headers })) {
      if (event.case === "batch") told.namespaces.push(...event.value.events.map(({ namespace }) => namespace));
      if (event.case === "bookmark") told.whole = Number(event.value.wholeCount);
    }
    return told;
  };
  await expect.poll(toldOf).toEqual({ namespaces: ["seen"], whole: 1 });

  const following = client.listEvents({ follow: true }, { headers });
  const wholes: number[] = [];
  for await (const { event } of following) {
    if (event.case !== "bookmark") continue;
    wholes.push(Number(event.value.wholeCount));
    if (wholes.at(-1) === 2) break;
    if (wholes.length === 1) for (const namespace of ["hidden", "seen"]) await write(namespace, `later ${namespace}`);
  }
  expect(new Set(wholes)).toEqual(new Set([1, 2]));
});
