import { listNamespaces } from "../../content/remote/namespaces.ts";
import type { ServerFacts } from "../../content/remote/server.ts";
import { getServer } from "../../content/remote/server.ts";
import type { SessionAnswer } from "../../content/remote/session.ts";
import { getSession } from "../../content/remote/session.ts";
import type { StoreFacts } from "../../content/remote/stores.ts";
import { listStores } from "../../content/remote/stores.ts";
import { serverTransport } from "./server-transport.ts";

/** What a server answered. */
interface ServerAnswers {
  /** Absent: it did not answer, or is no Stowage. */
  readonly facts?: ServerFacts | undefined;
  /** Absent: it did not answer, or does not tell. */
  readonly namespaces?: readonly string[] | undefined;
  /** It said what it is, or that it is no Stowage. */
  readonly isKnown: boolean;
}

/** Asks the server what it is, and which namespaces a store has. @param store empty: its default one */
export async function askServer(store: string): Promise<ServerAnswers> {
  const [facts, namespaces] = await Promise.allSettled([
    getServer(serverTransport("")),
    listNamespaces(serverTransport(store)),
  ]);
  return {
    facts: facts.status === "fulfilled" ? facts.value : undefined,
    namespaces: namespaces.status === "fulfilled" ? namespaces.value : undefined,
    isKnown: facts.status === "fulfilled",
  };
}

/** Asks which stores there are and how they are; none where the server has no names for them. @throws that it does not answer */
export async function askStores(): Promise<readonly StoreFacts[]> {
  return (await listStores(serverTransport(""))) ?? [];
}

/** Asks who is signed in. @returns undefined where the server knows no sign-in @throws that it does not answer */
export function askSession(): Promise<SessionAnswer | undefined> {
  return getSession(serverTransport(""));
}
