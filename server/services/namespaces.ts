import { create } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";
import { z } from "zod";
import { Namespaces } from "../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import type { NamespaceStore } from "../metadata/metadata.ts";
import type { Service } from "../plugins/plugin.ts";
import { definePlugin } from "../plugins/plugin.ts";

/** `containerd.services.namespaces.v1.Namespaces`, as containerd's services/namespaces/local.go behaves. */
export function createNamespacesService(namespaces: NamespaceStore): Service {
  const implementation: ServiceImpl<typeof Namespaces> = {
    async get({ name }) {
      return { namespace: { name, labels: { ...(await namespaces.labels(name)) } } };
    },

    async list() {
      const all = await namespaces.list();
      return { namespaces: all.map(({ name, labels }) => ({ name, labels: { ...labels } })) };
    },

    async create({ namespace: { name, labels } = unnamed }) {
      await namespaces.create(name, labels);
      return { namespace: { name, labels } };
    },

    // containerd answers an update without the namespace.
    async update({ namespace: { name, labels } = unnamed, updateMask }) {
      await namespaces.update(name, labels, updateMask?.paths);
      return {};
    },

    async delete({ name }) {
      await namespaces.delete(name);
      return create(EmptySchema);
    },
  };

  return { register: (router) => router.service(Namespaces, implementation) };
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
