import { isDeepStrictEqual } from "node:util";
import type { Flags } from "../config.ts";
import { configFault } from "../plugins/config-fault.ts";
import type { Plugin } from "../plugins/plugin.ts";
import { openTarget } from "../store-set/open-target.ts";
import type { StoreSpec } from "../store-set/stack.ts";
import { ownStore, storeTypes } from "./plugins.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The stores that flags open by where they are.
 *
 * @param taken names that other stores have
 * @throws StartError for what cannot be opened; UsageError for what is not meant, such as a target twice
 */
export async function openAll(
  plugins: readonly Plugin[],
  { open = [], allowChanges, tokenFile }: Flags,
  taken: readonly string[],
): Promise<readonly StoreSpec[]> {
  const names = new Set([ownStore, ...taken]);
  const specs: StoreSpec[] = [];
  for (const target of open) {
    const options = { allowsChanges: allowChanges === true, ...(tokenFile !== undefined && { tokenFile }) };
    const { plugin: id, name, config } = await openTarget(target, options);
    const plugin = plugins.find((each) => each.id === id && storeTypes.includes(each.type));
    if (plugin === undefined) throw new UsageError(`cannot open ${target}: there is no plugin ${id}`);
    const fault = configFault(plugin.config, config);
    if (fault !== undefined) throw new UsageError(`cannot open ${target}: ${fault.path.join(".")}: ${fault.text}`);
    const same = specs.find((spec) => spec.plugin === plugin && isDeepStrictEqual(spec.config, config));
    if (same !== undefined) throw new UsageError(`cannot open ${target} twice: it is ${same.name} already`);
    const unused = unusedName(name, names);
    names.add(unused);
    specs.push({ name: unused, plugin, config });
  }
  return specs;
}

/** A name that no other has: the second `containerd` is `containerd-2`. */
function unusedName(name: string, names: ReadonlySet<string>): string {
  for (let count = 1; ; count += 1) {
    const tried = count === 1 ? name : `${name}-${count}`;
    if (!names.has(tried)) return tried;
  }
}
