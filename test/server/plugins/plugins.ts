import { z } from "zod";
import type { Opened, Plugin, PluginType, Requirement } from "../../../server/plugins/plugin.ts";
import { definePlugin } from "../../../server/plugins/plugin.ts";

/** A plugin that requires those plugins (`type/id`, or `type` for all of one) and opens what it is told to. */
export function plugin<T extends PluginType>(
  name: `${T}/${string}`,
  requires: readonly string[] = [],
  open: Plugin<T, Record<string, never>>["open"] = async () => ({}) as Opened[T],
): Plugin {
  const [type, id = ""] = name.split("/") as [T, string?];
  const plain = definePlugin({ type, id, requires: requires.map(requirement), config: z.strictObject({}), open });
  return plain as unknown as Plugin;
}

function requirement(name: string): Requirement {
  const [type, id] = name.split("/") as [PluginType, string?];
  return id === undefined ? { type } : { type, id };
}
