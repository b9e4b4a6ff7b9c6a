import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nameOf } from "../plugins/order.ts";
import type { Plugin } from "../plugins/plugin.ts";
import { StartError } from "../start-error.ts";

/** Folder of the data directory in which each further store has its own. */
const storesFolder = "stores";

/** Says what a folder's store is. */
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
  const found = (await readIfThere(mark)).trim();
  if (found !== "" && found !== kind) {
    const where = `${storesFolder}/${name} in the data directory`;
    throw new StartError(`${where} is of ${found}; give this store another name, or move that folder away`);
  }
  if (found === "") await writeFile(mark, `${kind}\n`);
  return folder;
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
