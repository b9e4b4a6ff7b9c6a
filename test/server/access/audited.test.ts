import { createClient } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { getAuditPage } from "../../../content/remote/audit.ts";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { Role } from "../../../gen/stowage/v1/access_pb.js";
import { grpcTransport } from "../../support/grpc.ts";
import { failure, sha256 } from "../services/calls.ts";
import { serveGuarded } from "./guarded.ts";

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
