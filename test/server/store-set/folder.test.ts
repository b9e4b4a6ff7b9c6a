import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { Namespaces } from "../../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import type { StoreSpec } from "../../../server/store-set/stack.ts";
import { ociLayoutPlugin } from "../../../server/stores/oci-layout/plugin.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { memoryStore, serveSeveral } from "./several.ts";

const headers = { "stowage-store": "x" };

/** A data directory, an OCI layout, and a server over both whose further store is called `x`. */
async function makePlaces() {
  const [root, layout] = [await makeTempDir(), await makeTempDir()];
  await mkdir(join(layout, "blobs", "sha256"), { recursive: true });
  await writeFile(join(layout, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(join(layout, "index.json"), '{"schemaVersion":2,"manifests":[]}');
  const mirror: StoreSpec = { name: "x", plugin: ociLayoutPlugin as unknown as Plugin, config: { path: layout } };
  const open = async (spec: StoreSpec) => {
    const { web, server, running } = await serveSeveral([spec], { root });
    return {
      namespaces: createClient(Namespaces, web),
      reason: async () => (await server.listStores({})).stores[1]?.reason,
      close: () => running.close(0),
    };
  };
  return { mirror, open };
}

test("a store's name that becomes another kind of store's does not cost the first one its names and labels", async () => {
  const { mirror, open } = await makePlaces();
  const before = await open(memoryStore("x"));
  await before.namespaces.create({ namespace: { name: "kept", labels: { a: "b" } } }, { headers });
  await before.close();

  const mistaken = await open(mirror);
  expect(await mistaken.reason()).toBe(
    "stores/x in the data directory is of store/memory; give this store another name, or move that folder away",
  );
  await mistaken.close();

  const after = await open(memoryStore("x"));
  const { namespaces } = await after.namespaces.list({}, { headers });
  expect(namespaces).toEqual([expect.objectContaining({ name: "kept", labels: { a: "b" } })]);
});

test("nor is a store filled with what was mirrored under its name", async () => {
  const { mirror, open } = await makePlaces();
  await (await open(mirror)).close();
  const mistaken = await open(memoryStore("x"));
  expect(await mistaken.reason()).toContain("stores/x in the data directory is of a mirror;");
  await mistaken.close();
  expect(await (await open(mirror)).reason()).not.toContain("data directory");
});
