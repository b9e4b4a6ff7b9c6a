import { z } from "zod";
import type { Plugin, PluginContext } from "../plugins/plugin.ts";
import { definePlugin } from "../plugins/plugin.ts";
import { hidePaths } from "../services/hide-paths.ts";
import { failedStore } from "./failed-store.ts";
import type { Stack, StoreSpec } from "./stack.ts";
import { openStack, overMetadata, ownFacts } from "./stack.ts";
import type { ServedStore } from "./store-set.ts";
import { createStoreSet } from "./store-set.ts";

const config = z.strictObject({
  /** The store that the server opens with itself: what calls name it by, and the id of its plugin. */
  own: z.strictObject({ name: z.string(), plugin: z.string() }).default({ name: "local", plugin: "local" }),
  /** Those beside it. */
  others: z.array(z.custom<StoreSpec>()).default([]),
});

/** The stores that calls can name. One that does not open is told with its reason, and the others are there without it. */
export const storeSetPlugin = definePlugin({
  type: "stores",
  id: "configured",
  requires: [{ type: "metadata" }],
  config,
  exports: ({ all }) => ({ stores: all.map(({ name }) => name).join(" ") }),
  async open(context) {
    const { own, others } = context.config;
    const ownStore: ServedStore = { ...own, ...overMetadata(context.get("metadata")), ...ownFacts };
    const stacks: Stack[] = [];
    for (const spec of others) stacks.push(await openOrTell(spec, context));
    return {
      ...createStoreSet([ownStore, ...stacks.map(({ store }) => store)]),
      async [Symbol.asyncDispose]() {
        await using all = new AsyncDisposableStack();
        for (const stack of stacks) all.use(stack);
      },
    };
  },
});

async function openOrTell(spec: StoreSpec, context: PluginContext<unknown>): Promise<Stack> {
  try {
    return await openStack(spec, context);
  } catch (err) {
    context.logger.error({ store: spec.name, err }, "a store did not open; the others are served without it");
    const reason = hidePaths(err instanceof Error ? err.message : String(err), context.root);
    return { store: failedStore(spec, reason), [Symbol.asyncDispose]: async () => undefined };
  }
}

/** True for what is opened for each store that the config names, and not with the server. */
export function isStoreTemplate({ type }: Pick<Plugin, "type">): boolean {
  return type === "mirror" || type === "relay";
}
