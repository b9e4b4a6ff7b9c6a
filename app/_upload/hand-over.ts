import { createStore } from "../_live/store.ts";
import { announce } from "../_ui/announcer.tsx";
import { formatCounted } from "../_ui/format.ts";
import { uploads } from "./page-uploads.ts";
import { beginnerOf } from "./queue.ts";

/** Files that a person wants uploaded. */
export interface Handed {
  readonly files: readonly File[];
  /** The store that the page showed; empty: the server's default one. */
  readonly store: string;
  /** Namespaces that the page was about; not one: the person is asked. */
  readonly names: readonly string[];
  /** How many folders were among them; those are left out. */
  readonly folders: number;
}

/** Files whose namespace has to be asked for; absent: none wait. */
export const unplacedFiles = createStore<Handed | undefined>(undefined);

/** Uploads files, or asks where to first. One that an earlier page began goes on where that one put it. */
export function handOver({ files, store, names, folders }: Handed): void {
  if (folders > 0) announce(`${formatCounted(folders, "folder")} left out: pack it into an archive first`);
  const fresh = files.filter((file) => {
    const begun = beginnerOf(uploads.get(), file, store);
    if (begun !== undefined) uploads.add([file], begun);
    return begun === undefined;
  });
  const [only, ...others] = names;
  if (fresh.length === 0) return;
  if (only !== undefined && others.length === 0) return uploads.add(fresh, { store, namespace: only });
  const waiting = unplacedFiles.get();
  const earlier = waiting?.store === store ? waiting.files : [];
  unplacedFiles.set({ files: [...earlier, ...fresh], store, names, folders });
}
