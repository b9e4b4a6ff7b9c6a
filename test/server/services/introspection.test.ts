import { Code, createClient } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { Introspection } from "../../../gen/containerd/services/introspection/v1/introspection_pb.js";
import { Version } from "../../../gen/containerd/services/version/v1/version_pb.js";
import { openPlugins } from "../../../server/plugins/registry.ts";
import { introspectionPlugin } from "../../../server/services/introspection.ts";
import { versionPlugin } from "../../../server/services/version.ts";
import { createLog } from "../../support/log.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { plugin } from "../plugins/plugins.ts";
import { failure, transportTo } from "./calls.ts";

/** Clients of a registry of good, broken and left-out plugins. */
async function open() {
  const root = await makeTempDir();
  const breaks = () => Promise.reject(new Error(`cannot read ${root}/blobs: no space`));
  const store = { ...plugin("store/local", [], breaks), capabilities: ["sha256"] };
  const listener = {
    ...plugin("listener/http", ["service"], async () => ({ urls: ["u"], close: async () => undefined })),
    exports: () => ({ urls: "u" }),
  };
  const plugins = [introspectionPlugin, versionPlugin, store, plugin("metadata/sql", ["store"]), listener].map(
    (one) => one as typeof store,
  );
  const registry = await openPlugins(
    [...plugins, plugin("service/extra", ["service/version", "service/introspection"])],
    {
      root,
      off: { "service/extra": "the config turns it off" },
      logger: createLog().logger,
      version: "1.2.3",
      stopping: new AbortController().signal,
    },
  );
  const transport = transportTo(...registry.all("service"));
  return { introspection: createClient(Introspection, transport), version: createClient(Version, transport), root };
}

test("Plugins tells every plugin, what it needs and offers, and why one is not in use", async () => {
  const { introspection, root } = await open();
  const { plugins } = await introspection.plugins({});
  expect(plugins).toMatchObject([
    { type: "service", id: "introspection", requires: [], capabilities: [], platforms: [] },
    { type: "service", id: "version" },
    {
      type: "store",
      id: "local",
      capabilities: ["sha256"],
      initErr: { code: Code.Unavailable, message: "cannot read (path): no space" },
    },
    {
      type: "metadata",
      id: "sql",
      requires: ["store"],
      initErr: {
        code: Code.FailedPrecondition,
        message: "it requires any store, which failed: cannot read (path): no space",
      },
    },
    {
      type: "service",
      id: "extra",
      requires: ["service"],
      initErr: { code: Code.Unimplemented, message: "the config turns it off: skip plugin" },
    },
    { type: "listener", id: "http", requires: ["service"], exports: { urls: "u" } },
  ]);
  for (const index of [0, 1, 5]) expect(plugins[index]?.initErr).toBeUndefined();
  expect(JSON.stringify(plugins)).not.toContain(root);
});

test("Plugins takes containerd's filters over type and id, or-ed", async () => {
  const { introspection } = await open();
  const ids = async (...filters: readonly string[]) =>
    (await introspection.plugins({ filters: [...filters] })).plugins.map(({ id }) => id);
  expect(await ids("type==store")).toEqual(["local"]);
  expect(await ids("type==service,id~=^v")).toEqual(["version"]);
  expect(await ids("id==local", "type==listener")).toEqual(["local", "http"]);
  expect(await ids("colour==red")).toEqual([]);
  expect((await failure(introspection.plugins({ filters: ["type=="] }))).code).toBe(Code.InvalidArgument);
});

test("Server tells a UUID, and this process", async () => {
  const { introspection } = await open();
  const server = await introspection.server({});
  expect(server).toMatchObject({ uuid: expect.stringMatching(/^[0-9a-f-]{36}$/), pid: BigInt(process.pid) });
  expect(server.pidns > 0n).toBe(process.platform === "linux");
});

test("Version tells the version, and a commit or nothing", async () => {
  const { version } = await open();
  expect(await version.version({})).toMatchObject({
    version: "1.2.3",
    revision: expect.stringMatching(/^(?:[0-9a-f]{40,64})?$/),
  });
});
