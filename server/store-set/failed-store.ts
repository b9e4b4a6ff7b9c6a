import { ContentError } from "../../content/errors.ts";
import { implementAll } from "./implement.ts";
import type { StoreSpec } from "./stack.ts";
import type { ServedStore } from "./store-set.ts";

/** Stands for a store that did not open: it is told with its reason, and so is whoever calls it. */
export function failedStore({ name, plugin }: StoreSpec, reason: string): ServedStore {
  const refuse = (): never => {
    throw new ContentError("unavailable", `store ${name} did not open: ${reason}`);
  };
  return {
    name,
    plugin: plugin.id,
    target: "",
    allowsChanges: false,
    services: implementAll(refuse),
    downloads: new Map(),
    in: refuse,
    namespaces: async () => refuse(),
    state: () => ({ state: "unreachable", reason }),
    look: () => undefined,
    totals: () => undefined,
  };
}
