import type { ServerFacts } from "../../content/remote/server.ts";
import { patiently } from "../_ui/popups/patiently.ts";
import { hereStore, storeHere } from "./here.ts";
import { createStore } from "./store.ts";

/** What the page knows of its server. */
export interface ServerView {
  /** Absent until it answered, and where it is no Stowage. */
  readonly facts?: ServerFacts;
  /** Names of the page's store, in the server's order; empty until it answered. */
  readonly namespaces: readonly string[];
  /** It answered, whatever it said. */
  readonly isKnown: boolean;
}

const store = createStore<ServerView>({ namespaces: [], isKnown: false });
hereStore.subscribe(() => store.set({ ...store.get(), namespaces: [] }));

/** What the page knows of its server. */
export const serverStore = store;

// What a page asks once its rows are there needs no weight before them.
const load = patiently(() => import("./ask-server.ts"));

/** Ask the server again what it is and which namespaces the page's store has. What was known stays where it does not answer. */
export async function refreshServer(): Promise<void> {
  const asked = storeHere();
  const { facts, namespaces, isKnown } = await (await load()).askServer(asked);
  const before = store.get();
  const known = facts ?? before.facts;
  store.set({
    ...(known && { facts: known }),
    namespaces: (asked === storeHere() && namespaces) || before.namespaces,
    isKnown: before.isKnown || isKnown,
  });
}
