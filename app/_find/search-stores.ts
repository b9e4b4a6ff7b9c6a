import { isKind } from "../../content/errors.ts";
import type { StoreFacts } from "../../content/remote/stores.ts";
import type { FoundInStore } from "./search-store.ts";

/** What is known of the search in one store. */
export interface StoreAnswer {
  readonly facts: StoreFacts;
  /** Absent: it goes on, or came to nothing. */
  readonly found?: FoundInStore;
  /** Why it came to nothing, in a few words. */
  readonly problem?: string;
}

/** How stores are searched. */
export interface SearchOptions {
  readonly search: (facts: StoreFacts, signal: AbortSignal) => Promise<FoundInStore>;
  /** Told whenever one more is known of; in the order of the stores. */
  readonly tell: (answers: readonly StoreAnswer[]) => void;
  readonly signal: AbortSignal;
  /** Stores that are asked at once: a browser has few connections. */
  readonly atOnce?: number;
  /** So long a store is waited for, in milliseconds. */
  readonly patienceMs?: number;
}

/** Looks through stores, a few at once. One that does not answer is said to, and holds up none of the others for long. */
export async function searchStores(stores: readonly StoreFacts[], options: SearchOptions): Promise<void> {
  const { search, tell, signal, atOnce = 2, patienceMs = 4_000 } = options;
  let answers: readonly StoreAnswer[] = stores.map((facts) =>
    facts.state === "live" ? { facts } : { facts, problem: facts.reason === "" ? "not connected yet" : facts.reason },
  );
  const waiting = stores.filter(({ state }) => state === "live");

  async function ask(facts: StoreFacts): Promise<void> {
    const patience = AbortSignal.timeout(patienceMs);
    let answer: StoreAnswer;
    try {
      answer = { facts, found: await search(facts, AbortSignal.any([signal, patience])) };
    } catch (error) {
      const isLate = patience.aborted && isKind(error, "cancelled");
      answer = { facts, problem: isLate ? "it takes too long" : wordsOf(error) };
    }
    if (signal.aborted) return;
    answers = answers.map((each) => (each.facts === facts ? answer : each));
    tell(answers);
  }

  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) await ask(next);
  }

  tell(answers);
  await Promise.all(Array.from({ length: atOnce }, work));
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
