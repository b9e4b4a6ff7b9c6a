import { connect } from "node:net";
import type { Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { createConnectTransport as createBrowserTransport } from "@connectrpc/connect-web";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { builtinPlugins } from "../../../server/plugins/builtin.ts";
import { localStorePlugin } from "../../../server/stores/local/plugin.ts";
import { memoryStorePlugin } from "../../../server/stores/memory/plugin.ts";
import { describeStore } from "../../suite/store-suite.ts";
import type { TestServer } from "../../support/stowage.ts";
import { openTestServer } from "../../support/stowage.ts";

/** How a client reaches a server. */
const ways: Readonly<Record<string, (server: TestServer) => Transport>> = {
  "gRPC over the socket": ({ socket }) =>
    createGrpcTransport({
      baseUrl: "http://localhost",
      nodeOptions: { createConnection: () => connect(socket) },
    }),
  "gRPC over the port": ({ url }) => createGrpcTransport({ baseUrl: url }),
  "gRPC-Web over the port": ({ url }) => createGrpcWebTransport({ baseUrl: url, httpVersion: "2" }),
  "Connect over HTTP/2": ({ url }) => createConnectTransport({ baseUrl: url, httpVersion: "2" }),
  "Connect over HTTP/1.1, as a browser": ({ url }) => createBrowserTransport({ baseUrl: url, useBinaryFormat: true }),
};

const inMemory = builtinPlugins.map((plugin) => (plugin === localStorePlugin ? memoryStorePlugin : plugin));

for (const [way, connectTo] of Object.entries(ways)) {
  // What the files do does not depend on the way to them; one way has them.
  const plugins = way === "gRPC over the socket" ? builtinPlugins : inMemory;
  const isBrowser = way.endsWith("browser");
  describeStore(
    `a remote store by ${way}`,
    async () => {
      const writer = isBrowser ? "unary" : "stream";
      return createRemoteStore(connectTo(await openTestServer(plugins)), { namespace: "a", writer });
    },
    { labels: true, holdsRefs: !isBrowser },
  );
}
