import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nameOf } from "../plugins/order.ts";
import type { Plugin } from "../plugins/plugin.ts";
import { StartError } from "../start-error.ts";

/** Folder of the data directory in which each further store has its own. */
const storesFolder = "stores";

/** Says what a folder's store is, and in the data directory on a second line how it is called. */
const markName = "store.txt";

/** Owner and group may look; others may not. */
const directoryMode = 0o750;

/**
 * The folder of a further store, made where it is not there. It is of one kind of store for ever: a mirror's rows are a cache that is
 * thrown away at need, and would take those of a store of the same name with them.
 *
 * @param root the data directory
 * @throws StartError where it is of another kind of store
 */
export async function openStoreFolder(
  root: string,
  name: string,
  plugin: Pick<Plugin, "type" | "id">,
): Promise<string> {
  const folder = join(root, storesFolder, name);
  await mkdir(folder, { recursive: true, mode: directoryMode });
  const kind = kindOf(plugin);
  // What is elsewhere, and not kept here, may become anything.
  if (kind === undefined) return folder;
  const mark = join(folder, markName);
  const found = await readMark(mark);
  if (found.kind !== "" && found.kind !== kind) {
    const where = `${storesFolder}/${name} in the data directory`;
    throw new StartError(`${where} is of ${found.kind}; give this store another name, or move that folder away`);
  }
  if (found.kind === "") await writeFile(mark, `${kind}\n`);
  return folder;
}

/**
 * The plugin of the store that is kept in the data directory itself. That belongs to one store for ever, by its name: it is the first one of the
 * config, so that a store which is written before it would show its blobs as its own, and it would be empty.
 *
 * @returns opens as the store's; StartError where the data directory is another store's
 */
export function ownStorePlugin(name: string, plugin: Plugin): Plugin {
  return {
    ...plugin,
    id: name,
    async open(context) {
      await claimData(context.root, name, nameOf(plugin));
      return await plugin.open(context);
    },
  };
}

async function claimData(root: string, name: string, kind: string): Promise<void> {
  const mark = join(root, markName);
  const found = await readMark(mark);
  if (found.kind !== "" && found.kind !== kind) {
    throw new StartError(`${root} is of a ${found.kind}, and not of a ${kind}; choose another with --data DIR`);
  }
  if (found.name !== "" && found.name !== name) {
    const advice = `put [stores.${found.name}] before it, or, where that is its new name, write it into ${mark}`;
    throw new StartError(`${root} is of the store ${found.name}, which the config would show as ${name}: ${advice}`);
  }
  if (found.name === "") await writeFile(mark, `${kind}\n${name}\n`);
}

async function readMark(mark: string): Promise<{ readonly kind: string; readonly name: string }> {
  const [kind = "", name = ""] = (await readIfThere(mark)).split("\n").map((line) => line.trim());
  return { kind, name };
}

/** What may not take the place of what; absent: it keeps nothing. */
function kindOf(plugin: Pick<Plugin, "type" | "id">): string | undefined {
  switch (plugin.type) {
    case "relay":
      return undefined;
    case "mirror":
      return "a mirror";
    default:
      return nameOf(plugin);
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
