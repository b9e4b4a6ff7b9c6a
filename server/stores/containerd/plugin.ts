import { z } from "zod";
import { openMirror } from "../../mirror/mirror.ts";
import { definePlugin } from "../../plugins/plugin.ts";
import { daemonAddress } from "./address.ts";
import { openContainerdSource } from "./source.ts";

const config = z.strictObject({
  /** Where it is: `unix:/PATH`, `/PATH` or `http://HOST:PORT`. */
  address: daemonAddress,
  /** True: who may change content here may change it there. */
  allow_changes: z.boolean().default(false),
});

/** The content of a running containerd, with its images, leases and namespaces. */
export const containerdPlugin = definePlugin({
  type: "mirror",
  id: "containerd",
  requires: [],
  config,
  open: ({ config: { address, allow_changes }, id, root, logger, stopping }) =>
    openMirror({
      name: id,
      root,
      source: openContainerdSource(address, { logger }),
      allowChanges: allow_changes,
      logger,
      stopping,
    }),
});
