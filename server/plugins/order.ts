import { StartError } from "../start-error.ts";
import type { Plugin, Requirement } from "./plugin.ts";

/** What a plugin is called in lines for people: `type/id`. */
export function nameOf(plugin: Pick<Plugin, "type" | "id">): string {
  return `${plugin.type}/${plugin.id}`;
}

/** What a requirement is called in lines for people. */
export function requirementName({ type, id }: Requirement): string {
  return id === undefined ? `any ${type}` : `${type}/${id}`;
}

/** True where the plugin is one that the requirement names. */
export function satisfies(plugin: Pick<Plugin, "type" | "id">, { type, id }: Requirement): boolean {
  return plugin.type === type && (id === undefined || plugin.id === id);
}

/**
 * The plugins in an order in which each comes after what it requires, otherwise as they are listed.
 *
 * @throws StartError for two plugins of one type and id, and for plugins that require each other; it names them
 */
export function inOrder(plugins: readonly Plugin[]): readonly Plugin[] {
  refuseDoubles(plugins);
  const ordered: Plugin[] = [];
  const path: Plugin[] = [];
  const visit = (plugin: Plugin): void => {
    if (ordered.includes(plugin)) return;
    if (path.includes(plugin)) {
      const cycle = [...path.slice(path.indexOf(plugin)), plugin].map(nameOf).join(" -> ");
      throw new StartError(`plugins require each other: ${cycle}; take one of them out of the list`);
    }
    path.push(plugin);
    for (const requirement of plugin.requires) {
      for (const other of plugins) if (satisfies(other, requirement)) visit(other);
    }
    path.pop();
    ordered.push(plugin);
  };
  for (const plugin of plugins) visit(plugin);
  return ordered;
}

function refuseDoubles(plugins: readonly Plugin[]): void {
  const names = new Set<string>();
  for (const name of plugins.map(nameOf)) {
    if (names.has(name)) throw new StartError(`two plugins are called ${name}; take one of them out of the list`);
    names.add(name);
  }
}
