import { randomBytes } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { z } from "zod";
import { leaseToWire } from "../../content/wire.ts";
import { Leases } from "../../gen/containerd/services/leases/v1/leases_pb.js";
import type { Collector } from "../collection/schedule.ts";
import type { LeaseStore } from "../metadata/catalog-stores.ts";
import { definePlugin } from "../plugins/plugin.ts";
import type { Service } from "../plugins/service.ts";
import { callKey, scopeOf } from "../policy/call.ts";
import { changeOf, labelChanges } from "../policy/call-audit.ts";
import type { Note } from "../policy/facts.ts";

/** Bytes of an id that the server makes up. */
const idBytes = 8;

/** `containerd.services.leases.v1.Leases`, as containerd's services/leases behaves. */
export function createLeasesService(leases: LeaseStore, collector: Collector): Service {
  const namespaceOf = ({ values }: HandlerContext): string => scopeOf(values.get(callKey)).namespace;
  const noteOf = ({ values }: HandlerContext): Note | undefined => values.get(callKey).note;

  const implementation: ServiceImpl<typeof Leases> = {
    async create({ id, labels }, context) {
      const lease = await leases.create(namespaceOf(context), id || randomBytes(idBytes).toString("hex"), labels);
      noteOf(context)?.({ name: lease.id, changes: labelChanges({}, lease.labels) });
      return { lease: leaseToWire(lease) };
    },

    async delete({ id, sync }, context) {
      await leases.delete(namespaceOf(context), id);
      noteOf(context)?.({ done: true });
      if (sync) await collector.collect();
      return create(EmptySchema);
    },

    async list({ filters }, context) {
      const found = await leases.list(namespaceOf(context), filters, context.signal);
      return { leases: found.map(leaseToWire) };
    },

    async addResource({ id, resource = none }, context) {
      noteOf(context)?.({ changes: changeOf(resource.type, undefined, resource.id) });
      await leases.addResource(namespaceOf(context), id, { type: resource.type, id: resource.id });
      return create(EmptySchema);
    },

    async deleteResource({ id, resource = none }, context) {
      noteOf(context)?.({ changes: changeOf(resource.type, resource.id, undefined) });
      await leases.deleteResource(namespaceOf(context), id, { type: resource.type, id: resource.id });
      return create(EmptySchema);
    },

    async listResources({ id }, context) {
      const held = await leases.resources(namespaceOf(context), id);
      return { resources: held.map((resource) => ({ type: resource.type, id: resource.id })) };
    },
  };

  return { register: (router) => router.service(Leases, implementation) };
}

/** Stands for an absent message; the store refuses the empty type with containerd's text. */
const none = { type: "", id: "" };

/** Serves `containerd.services.leases.v1.Leases` over the metadata. */
export const leasesPlugin = definePlugin({
  type: "service",
  id: "leases",
  requires: [{ type: "metadata" }, { type: "collector" }],
  config: z.strictObject({}),
  async open(context) {
    return createLeasesService(context.get("metadata").leases, context.get("collector"));
  },
});
