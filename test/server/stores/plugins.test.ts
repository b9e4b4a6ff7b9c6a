import { readdir } from "node:fs/promises";
import { pino } from "pino";
import { expect, test } from "vitest";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import { disposePlugins, openPlugins } from "../../../server/plugins/registry.ts";
import { localStorePlugin } from "../../../server/stores/local/plugin.ts";
import { memoryStorePlugin } from "../../../server/stores/memory/plugin.ts";
import { bytes, get, put } from "../../suite/support.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

async function openOne(plugin: Plugin, config?: Record<string, unknown>) {
  const root = await makeTempDir();
  const stopping = new AbortController().signal;
  const options = { root, logger: pino({ level: "silent" }), version: "0", stopping, ...(config && { config }) };
  return { root, registry: await openPlugins([plugin], options) };
}

for (const [plugin, kept] of [
  [localStorePlugin, ["blobs", "ingest"]],
  [memoryStorePlugin, []],
] as const) {
  test(`the plugin store/${plugin.id} opens a store in the data directory`, async () => {
    const { root, registry } = await openOne(plugin);
    const [store] = registry.all("store");
    if (store === undefined) throw new Error("no store was opened");
    expect((await get(store, await put(store, bytes("a")))).toString()).toBe("a");
    await disposePlugins(registry, AbortSignal.abort());
    expect((await readdir(root)).toSorted()).toEqual(kept);
    await expect(store.writer({ ref: "late" })).rejects.toMatchObject({ kind: "unavailable" });
  });

  test(`the plugin store/${plugin.id} refuses a key that it does not know`, async () => {
    const { registry } = await openOne(plugin, { [`store/${plugin.id}`]: { speed: 11 } });
    expect(registry.reports).toMatchObject([
      { state: "failed", reason: expect.stringContaining('unknown key "speed"') },
    ]);
  });
}
