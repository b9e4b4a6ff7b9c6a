import type { FetchProgress } from "../../content/catalog.ts";
import { isKind } from "../../content/errors.ts";
import { fetchMissing } from "../../content/remote/missing.ts";
import { storeHere } from "../_live/here.ts";
import { serverTransport } from "../_live/link.ts";
import { createStore } from "../_live/store.ts";
import { announce } from "../_ui/announcer.tsx";
import { errorText } from "../_ui/error-text.ts";
import { formatCounted } from "../_ui/format.ts";

/** A fetch of what an image lacks. */
export interface FetchView {
  /** The store of the image; empty: the server's default one. */
  readonly store: string;
  /** The key of the image's line. */
  readonly key: string;
  /** The registry that is asked, as the name has it. */
  readonly host: string;
  /** Absent until the server told. */
  readonly progress?: FetchProgress;
  /** Why it ended; absent: it goes on. */
  readonly problem?: string;
}

const store = createStore<FetchView | undefined>(undefined);

/** The one fetch of this page, also after it ended with a problem: each takes a connection, and a browser has few. */
export const fetchStore = store;

let current: AbortController | undefined;

/** True while a fetch goes on. */
export function isFetching(view: FetchView | undefined): boolean {
  return view !== undefined && view.problem === undefined;
}

/** Fetch what an image of the page's store lacks; nothing while another fetch goes on. @param key of its line */
export function startFetch(key: string, namespace: string, name: string, host: string): void {
  if (isFetching(store.get())) return;
  const over = new AbortController();
  current = over;
  const view = { store: storeHere(), key, host };
  store.set(view);
  void run(view, namespace, name, over.signal);
}

/** End the fetch. What has come is gone on with the next time. */
export function cancelFetch(): void {
  current?.abort();
}

/** What was said of a fetch that ended is read. */
export function forgetFetch(): void {
  if (!isFetching(store.get())) store.set(undefined);
}

async function run(view: FetchView, namespace: string, name: string, signal: AbortSignal): Promise<void> {
  let last: FetchProgress | undefined;
  try {
    for await (const progress of fetchMissing(serverTransport(view.store), namespace, name, signal)) {
      last = progress;
      store.set({ ...view, progress });
    }
    store.set(undefined);
    announce(`${formatCounted(last?.blobs ?? 0, "blob")} fetched`);
  } catch (error) {
    const problem = isKind(error, "cancelled")
      ? "It was cancelled; the next time goes on from here."
      : errorText(error);
    store.set({ ...view, ...(last && { progress: last }), problem });
  }
}
