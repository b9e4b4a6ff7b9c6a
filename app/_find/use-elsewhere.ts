"use client";
import { useEffect, useState } from "react";
import { storeHere } from "../_live/here.ts";
import { useStore } from "../_live/hooks.ts";
import { serverTransport } from "../_live/server-transport.ts";
import { factsOf, refreshStores, storesStore } from "../_live/stores.ts";
import type { Wanted } from "./recognize.ts";
import { searchStore } from "./search-store.ts";
import type { StoreAnswer } from "./search-stores.ts";
import { searchStores } from "./search-stores.ts";

/** A person who types on is waited for so long, in milliseconds: each question goes to every store. */
const typingMs = 250;

/** Fewer characters than these name nothing. */
const leastCharacters = 2;

const none: readonly StoreAnswer[] = [];

/**
 * Looks for the same in every store that answers: in the page's own, which is the first, for images alone, since its blobs and
 * ingests are found otherwise.
 *
 * @returns what is known by now; empty where nothing is searched
 */
export function useElsewhere(wanted: Wanted): readonly StoreAnswer[] {
  const { words = "", digest = undefined } = wanted.kind === "anything" ? wanted : {};
  const [told, tell] = useState<{ readonly words: string; readonly answers: readonly StoreAnswer[] }>();
  const names = useStore(storesStore)
    .stores.map(({ name, state }) => `${name} ${state}`)
    .join();
  const isSearched = words.length >= leastCharacters && names !== "";
  // Opened over a page that has been there for a while.
  useEffect(() => void refreshStores(), []);
  // Other stores, or others that answer, are asked anew.
  useEffect(() => {
    if (!isSearched) return undefined;
    const end = new AbortController();
    const timer = setTimeout(() => {
      const view = storesStore.get();
      const here = factsOf(view, storeHere());
      const others = view.stores.filter((each) => each !== here);
      void searchStores(here ? [here, ...others] : others, {
        search: (facts, signal) => {
          const isHere = facts === here;
          const searched = { words, ...(digest !== undefined && !isHere && { digest }), hasIngests: !isHere };
          return searchStore(serverTransport(facts.isDefault ? "" : facts.name), searched, signal);
        },
        tell: (answers) => tell({ words, answers }),
        signal: end.signal,
      });
    }, typingMs);
    return () => {
      clearTimeout(timer);
      end.abort();
    };
  }, [isSearched, words, digest, names]);
  return isSearched && told?.words === words ? told.answers : none;
}
