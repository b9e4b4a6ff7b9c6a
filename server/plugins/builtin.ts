import { collectionPlugin } from "../collection/plugin.ts";
import { eventsPlugin } from "../events/plugin.ts";
import { backendListenerPlugin } from "../listen/backend-plugin.ts";
import { httpListenerPlugin } from "../listen/plugin.ts";
import { sqliteMetadataPlugin } from "../metadata/plugin.ts";
import { metricsPlugin } from "../metrics/plugin.ts";
import { catalogPlugin } from "../services/catalog.ts";
import { contentPlugin } from "../services/content.ts";
import { eventsServicePlugin } from "../services/events.ts";
import { imagesPlugin } from "../services/images.ts";
import { introspectionPlugin } from "../services/introspection.ts";
import { leasesPlugin } from "../services/leases.ts";
import { namespacesPlugin } from "../services/namespaces.ts";
import { stowageContentPlugin } from "../services/stowage-content.ts";
import { stowageServerPlugin } from "../services/stowage-server.ts";
import { versionPlugin } from "../services/version.ts";
import { localStorePlugin } from "../stores/local/plugin.ts";
import type { Plugin } from "./plugin.ts";

/** Everything that a server is made of. */
export const builtinPlugins: readonly Plugin[] = [
  localStorePlugin,
  sqliteMetadataPlugin,
  eventsPlugin,
  collectionPlugin,
  metricsPlugin,
  contentPlugin,
  namespacesPlugin,
  leasesPlugin,
  imagesPlugin,
  eventsServicePlugin,
  versionPlugin,
  introspectionPlugin,
  stowageContentPlugin,
  catalogPlugin,
  stowageServerPlugin,
  httpListenerPlugin,
  backendListenerPlugin,
];
