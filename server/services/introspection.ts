import { readlink } from "node:fs/promises";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { z } from "zod";
import type { Adaptor } from "../../content/filters.ts";
import { compileFilters } from "../../content/filters.ts";
import type { PluginSchema } from "../../gen/containerd/services/introspection/v1/introspection_pb.js";
import { Introspection } from "../../gen/containerd/services/introspection/v1/introspection_pb.js";
import { readDataId } from "../data-id.ts";
import type { PluginReport } from "../plugins/plugin.ts";
import { definePlugin } from "../plugins/plugin.ts";
import type { Service } from "../plugins/service.ts";
import { callKey } from "../policy/call.ts";
import { seesWhole } from "../policy/permissions.ts";
import { hidePaths } from "./hide-paths.ts";

/** What tells one server from others. */
export interface ServerIdentity {
  /** Of the data directory. */
  readonly uuid: string;
  /** Of the process. */
  readonly pid: number;
  /** Number of the namespace of the process's id; 0: not known. */
  readonly pidns: number;
}

export interface IntrospectionOptions {
  /** Every plugin, at the time of a call. */
  reports(): readonly PluginReport[];
  readonly identity: ServerIdentity;
  /** The data directory, whose paths no client is told. */
  readonly root: string;
}

/** `containerd.services.introspection.v1.Introspection`: what the server is made of, and what became of it. */
export function createIntrospectionService({ reports, identity, root }: IntrospectionOptions): Service {
  return {
    ofServer: true,
    register: (router) =>
      router.service(Introspection, {
        plugins({ filters }, { values }) {
          const passes = compileFilters(filters);
          const isWhole = seesWhole(values.get(callKey).access);
          const selected = reports().filter((report) => passes(pluginAdaptor(report)));
          // What they say of themselves names stores, namespaces and addresses, whoever may see those.
          return { plugins: selected.map((report) => pluginToWire(isWhole ? report : briefly(report), root)) };
        },
        server: () => ({ uuid: identity.uuid, pid: BigInt(identity.pid), pidns: BigInt(identity.pidns) }),
      }),
  };
}

/** Whether it works, and nothing more. */
function briefly(report: PluginReport): PluginReport {
  if (report.state === "open") return { ...report, exports: {} };
  return { ...report, reason: "it is not open" };
}

/** The fields that containerd filters plugins by (services/introspection/local.go). */
function pluginAdaptor({ type, id }: PluginReport): Adaptor {
  return ([field]) => (field === "type" ? type : field === "id" ? id : undefined);
}

function pluginToWire(report: PluginReport, root: string): MessageInitShape<typeof PluginSchema> {
  const { type, id, requires, capabilities } = report;
  return {
    type,
    id,
    requires: [...new Set(requires.map((requirement) => requirement.type))],
    capabilities: [...capabilities],
    ...(report.state === "open" ? { exports: { ...report.exports } } : { initErr: initError(report, root) }),
  };
}

/** `ctr` tells by the words "skip plugin" what is left out from what is broken. */
function initError(report: Exclude<PluginReport, { state: "open" }>, root: string) {
  if (report.error === undefined) return { code: Code.Unimplemented, message: `${report.reason}: skip plugin` };
  const code = report.state === "failed" ? Code.Unavailable : Code.FailedPrecondition;
  return { code, message: hidePaths(report.reason, root) };
}

/** The namespace of this process's id, on Linux. */
async function readPidns(): Promise<number> {
  const target = await readlink("/proc/self/ns/pid").catch(() => "");
  return Number(/^pid:\[(?<number>\d+)\]$/.exec(target)?.groups?.["number"] ?? 0);
}

/** Serves `containerd.services.introspection.v1.Introspection`. */
export const introspectionPlugin = definePlugin({
  type: "service",
  id: "introspection",
  requires: [],
  config: z.strictObject({}),
  async open({ root, reports }) {
    const identity = { uuid: await readDataId(root), pid: process.pid, pidns: await readPidns() };
    return createIntrospectionService({ reports, identity, root });
  },
});
