import { expect, test } from "vitest";
import { z } from "zod";
import { identifyServer, listPlugins } from "../../../content/remote/plugins.ts";
import { connectTransport } from "../../../content/remote/transport.ts";
import { builtinPlugins } from "../../../server/plugins/builtin.ts";
import { definePlugin } from "../../../server/plugins/plugin.ts";
import { StartError } from "../../../server/start-error.ts";
import { openTestServer } from "../../support/stowage.ts";

/** A plugin that cannot be opened. */
const broken = definePlugin({
  type: "service",
  id: "broken",
  requires: [{ type: "stores" }],
  config: z.strictObject({}),
  open: () => Promise.reject(new StartError("bucket is required")),
});

test("plugins say whether they are open, and why not", async () => {
  const { url } = await openTestServer([...builtinPlugins, broken]);
  const plugins = await listPlugins(connectTransport(url));
  const stateOf = (named: string) => {
    const { state, reason, requires } = plugins.find(({ type, id }) => `${type}/${id}` === named) ?? {};
    return { state, reason, requires };
  };
  expect(stateOf("service/introspection")).toEqual({ state: "open", reason: "", requires: [] });
  expect(stateOf("service/broken")).toEqual({ state: "failed", reason: "bucket is required", requires: ["stores"] });
  expect(stateOf("auth/tokens")).toEqual({
    state: "off",
    reason: "the config does not turn it on",
    requires: [],
  });
});

test("a server says which one it is", async () => {
  const { url } = await openTestServer();
  const { version, uuid, pid } = await identifyServer(connectTransport(url));
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
  expect(uuid).toMatch(/^[\da-f-]{36}$/);
  expect(pid).toBe(BigInt(process.pid));
});
