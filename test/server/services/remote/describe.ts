import type { Transport } from "@connectrpc/connect";
import { createRemoteStore } from "../../../../content/remote/store.ts";
import { builtinPlugins } from "../../../../server/plugins/builtin.ts";
import type { Plugin } from "../../../../server/plugins/plugin.ts";
import { localStorePlugin } from "../../../../server/stores/local/plugin.ts";
import { memoryStorePlugin } from "../../../../server/stores/memory/plugin.ts";
import { describeStore } from "../../../suite/store-suite.ts";
import type { TestServer } from "../../../support/stowage.ts";
import { openTestServer } from "../../../support/stowage.ts";

/** A way to a server. */
interface Way {
  readonly name: string;
  readonly connect: (server: TestServer) => Transport;
  /** How a writer writes over it; absent: `stream`. */
  readonly writer?: "stream" | "unary";
  /** Absent: a server that keeps bytes in memory; what its files do does not depend on the way to them. */
  readonly plugins?: readonly Plugin[];
}

const inMemory = builtinPlugins.map((plugin) => (plugin === localStorePlugin ? memoryStorePlugin : plugin));

/** States the contract of a store for the one of a server, over one way to it. Each way is a file, so that they run beside each other. */
export function describeRemoteStore({ name, connect, writer = "stream", plugins = inMemory }: Way): void {
  describeStore(
    `a remote store by ${name}`,
    async () => createRemoteStore(connect(await openTestServer(plugins)), { namespace: "a", writer }),
    { labels: true },
  );
}
