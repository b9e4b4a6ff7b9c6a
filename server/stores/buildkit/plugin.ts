import { z } from "zod";
import { openMirror } from "../../mirror/mirror.ts";
import { definePlugin } from "../../plugins/plugin.ts";
import { daemonAddress } from "../containerd/address.ts";
import { openBuildkitSource } from "./source.ts";

const config = z.strictObject({
  /** Where it is: `unix:/PATH`, `/PATH` or `http://HOST:PORT`. */
  address: daemonAddress,
});

/** The content of a running buildkitd. It is only read, so that there is no `allow_changes`. */
export const buildkitPlugin = definePlugin({
  type: "mirror",
  id: "buildkit",
  requires: [],
  config,
  open: ({ config: { address }, id, root, logger, stopping }) =>
    openMirror({
      name: id,
      root,
      source: openBuildkitSource(address, { logger }),
      allowChanges: false,
      logger,
      stopping,
    }),
});
