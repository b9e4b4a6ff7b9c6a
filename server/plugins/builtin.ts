import { tokensPlugin } from "../access/plugin.ts";
import { auditPlugin } from "../audit/plugin.ts";
import { collectionPlugin } from "../collection/plugin.ts";
import { eventsPlugin } from "../events/plugin.ts";
import { backendListenerPlugin } from "../listen/backend-plugin.ts";
import { httpListenerPlugin } from "../listen/plugin.ts";
import { sqliteMetadataPlugin } from "../metadata/plugin.ts";
import { metricsPlugin } from "../metrics/plugin.ts";
import { remoteStorePlugin } from "../relay/plugin.ts";
import { accessPlugin } from "../services/access.ts";
import { auditServicePlugin } from "../services/audit.ts";
import { catalogPlugin } from "../services/catalog.ts";
import { comparePlugin } from "../services/compare.ts";
import { contentPlugin } from "../services/content.ts";
import { eventsServicePlugin } from "../services/events.ts";
import { imagesPlugin } from "../services/images.ts";
import { introspectionPlugin } from "../services/introspection.ts";
import { leasesPlugin } from "../services/leases.ts";
import { namespacesPlugin } from "../services/namespaces.ts";
import { stowageContentPlugin } from "../services/stowage-content.ts";
import { stowageServerPlugin } from "../services/stowage-server.ts";
import { versionPlugin } from "../services/version.ts";
import { storeSetPlugin } from "../store-set/plugin.ts";
import { buildkitPlugin } from "../stores/buildkit/plugin.ts";
import { containerdPlugin } from "../stores/containerd/plugin.ts";
import { localStorePlugin } from "../stores/local/plugin.ts";
import { ociLayoutPlugin } from "../stores/oci-layout/plugin.ts";
import type { Plugin } from "./plugin.ts";

/** Everything that a server is made of. */
export const builtinPlugins: readonly Plugin[] = [
  tokensPlugin,
  localStorePlugin,
  remoteStorePlugin,
  containerdPlugin,
  buildkitPlugin,
  ociLayoutPlugin,
  sqliteMetadataPlugin,
  storeSetPlugin,
  auditPlugin,
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
  auditServicePlugin,
  accessPlugin,
  stowageServerPlugin,
  comparePlugin,
  httpListenerPlugin,
  backendListenerPlugin,
];
