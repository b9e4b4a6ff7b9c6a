import { httpListenerPlugin } from "../listen/plugin.ts";
import { sqliteMetadataPlugin } from "../metadata/plugin.ts";
import { contentPlugin } from "../services/content.ts";
import { namespacesPlugin } from "../services/namespaces.ts";
import { stowageContentPlugin } from "../services/stowage-content.ts";
import { stowageServerPlugin } from "../services/stowage-server.ts";
import { localStorePlugin } from "../stores/local/plugin.ts";
import type { Plugin } from "./plugin.ts";

/** Everything that a server is made of. */
export const builtinPlugins: readonly Plugin[] = [
  localStorePlugin,
  sqliteMetadataPlugin,
  contentPlugin,
  namespacesPlugin,
  stowageContentPlugin,
  stowageServerPlugin,
  httpListenerPlugin,
];
