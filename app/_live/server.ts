import { listNamespaces } from "../../content/remote/namespaces.ts";
import type { ServerFacts } from "../../content/remote/server.ts";
import { getServer } from "../../content/remote/server.ts";
import { serverTransport } from "./server-transport.ts";
import { createStore } from "./store.ts";

/** What the page knows of its server. */
export interface ServerView {
  /** Absent until it answered, and where it is no Stowage. */
  readonly facts?: ServerFacts;
  /** Names, in the server's order; empty until it answered. */
  readonly namespaces: readonly string[];
  /** It answered, whatever it said. */
  readonly isKnown: boolean;
}

const store = createStore<ServerView>({ namespaces: [], isKnown: false });

/** What the page knows of its server. */
export const serverStore = store;

/** Ask the server again what it is and which namespaces it has. What was known stays where it does not answer. */
export async function refreshServer(): Promise<void> {
  const [facts, namespaces] = await Promise.allSettled([
    getServer(serverTransport()),
    listNamespaces(serverTransport()),
  ]);
  const before = store.get();
  const knownFacts = facts.status === "fulfilled" ? facts.value : before.facts;
  store.set({
    ...(knownFacts && { facts: knownFacts }),
    namespaces: (namespaces.status === "fulfilled" && namespaces.value) || before.namespaces,
    isKnown: before.isKnown || facts.status === "fulfilled",
  });
}
