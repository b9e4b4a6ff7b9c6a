import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "./system-error.ts";

/** Folders are called so from when they are dropped until they are gone. */
export const droppedPrefix = "dropped-";

/** A folder that is being dropped. Neither promise fails: what is left is removed at the next start. */
export interface DroppedFolder {
  /** Settled when another folder can have its name. */
  readonly moved: Promise<void>;
  /** Settled when its space is free. */
  readonly removed: Promise<void>;
}

/** Removes folders of a directory; their names are free long before all that was in them is gone. */
export interface DroppedFolders {
  drop(folder: string): DroppedFolder;
  /** Settled when everything that was dropped is gone. */
  idle(): Promise<void>;
}

export function createDroppedFolders(directory: string): DroppedFolders {
  const removing = new Set<Promise<void>>();

  async function moveAway(folder: string): Promise<string> {
    const away = join(directory, droppedPrefix + randomUUID());
    try {
      await rename(folder, away);
      return away;
    } catch (error) {
      if (codeOf(error) !== "ENOENT") await rm(folder, { recursive: true, force: true });
      return folder;
    }
  }

  return {
    drop(folder) {
      const moving = moveAway(folder);
      const removed = moving
        .then((away) => (away === folder ? undefined : rm(away, { recursive: true, force: true })))
        .catch(() => undefined);
      removing.add(removed);
      void removed.then(() => removing.delete(removed));
      return { moved: moving.then(ignore, ignore), removed };
    },
    async idle() {
      await Promise.all(removing);
    },
  };
}

function ignore(): void {}
