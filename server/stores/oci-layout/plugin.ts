import { z } from "zod";
import { configPath } from "../../config/paths.ts";
import { openMirror } from "../../mirror/mirror.ts";
import { definePlugin } from "../../plugins/plugin.ts";
import { openOciLayoutSource } from "./source.ts";

const config = z.strictObject({
  /** The folder that has `index.json` and `blobs` in it. */
  path: configPath(),
});

/** A folder with an OCI image layout. It is only read, so that there is no `allow_changes`. */
export const ociLayoutPlugin = definePlugin({
  type: "mirror",
  id: "oci-layout",
  requires: [],
  config,
  open: ({ config: { path }, id, root, logger, stopping }) =>
    openMirror({
      name: id,
      root,
      source: openOciLayoutSource(path, { logger }),
      allowChanges: false,
      logger,
      stopping,
    }),
});
