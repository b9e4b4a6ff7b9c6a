import { create } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { z } from "zod";
import { Namespaces } from "../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import type { NamespaceStore } from "../metadata/catalog-stores.ts";
import { definePlugin } from "../plugins/plugin.ts";
import type { Service } from "../plugins/service.ts";
import { covers } from "../policy/access.ts";
import { callKey } from "../policy/call.ts";
import { labelChanges } from "../policy/call-audit.ts";
import { requireNamespace } from "../policy/permissions.ts";
import { beforeChange } from "./noting.ts";

/** `containerd.services.namespaces.v1.Namespaces`, as containerd's services/namespaces/local.go behaves. */
export function createNamespacesService(namespaces: NamespaceStore): Service {
  const implementation: ServiceImpl<typeof Namespaces> = {
    async get({ name }, context) {
      requireSeen(name, context);
      return { namespace: { name, labels: { ...(await namespaces.labels(name)) } } };
    },

    async list(_, { values }) {
      const { access } = values.get(callKey);
      const seen = (await namespaces.list()).filter(({ name }) => covers(access.namespaces, name));
      return { namespaces: seen.map(({ name, labels }) => ({ name, labels: { ...labels } })) };
    },

    async create({ namespace: { name, labels } = unnamed }, context) {
      requireSeen(name, context);
      context.values.get(callKey).note?.({ changes: labelChanges({}, labels) });
      await namespaces.create(name, labels);
      return { namespace: { name, labels } };
    },

    // containerd answers an update without the namespace.
    async update({ namespace: { name, labels } = unnamed, updateMask }, context) {
      requireSeen(name, context);
      const { note } = context.values.get(callKey);
      const before = await beforeChange(note, () => namespaces.labels(name));
      const after = await namespaces.update(name, labels, updateMask?.paths);
      note?.({ changes: labelChanges(before, after) });
      return {};
    },

    async delete({ name }, context) {
      requireSeen(name, context);
      await namespaces.delete(name);
      return create(EmptySchema);
    },
  };

  return { register: (router) => router.service(Namespaces, implementation) };
}

/** @throws `permission-denied` for a namespace that the caller may not see */
function requireSeen(name: string, { values }: HandlerContext): void {
  requireNamespace(values.get(callKey).access, name);
}

/** Stands for an absent message; the store refuses the empty name with containerd's text. */
const unnamed = { name: "", labels: {} };

/** Serves `containerd.services.namespaces.v1.Namespaces` over the metadata. */
export const namespacesPlugin = definePlugin({
  type: "service",
  id: "namespaces",
  requires: [{ type: "metadata" }],
  config: z.strictObject({}),
  async open(context) {
    return createNamespacesService(context.get("metadata").namespaces);
  },
});
