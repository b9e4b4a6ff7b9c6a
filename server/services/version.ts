import { join } from "node:path";
import { z } from "zod";
import { Version } from "../../gen/containerd/services/version/v1/version_pb.js";
import { definePlugin } from "../plugins/plugin.ts";
import type { Service } from "../plugins/service.ts";
import { readRevision } from "../revision.ts";

/** The folder that this server runs from. */
const project = join(import.meta.dirname, "..", "..");

/**
 * `containerd.services.version.v1.Version`: which server this is.
 *
 * @param revision the commit; empty: not known
 */
export function createVersionService(version: string, revision: string): Service {
  return { ofServer: true, register: (router) => router.service(Version, { version: () => ({ version, revision }) }) };
}

/** Serves `containerd.services.version.v1.Version`. */
export const versionPlugin = definePlugin({
  type: "service",
  id: "version",
  requires: [],
  config: z.strictObject({}),
  async open(context) {
    return createVersionService(context.version, await readRevision(project));
  },
});
