import { hereStore } from "../../_live/here.ts";
import type { WritableStore } from "../../_live/store.ts";
import { createStore } from "../../_live/store.ts";
import type { AskedRows, Chosen } from "./chosen.ts";
import { nothing } from "./chosen.ts";

/** Where a choice is kept while pages, queries and orders change. Rows of one store are no choice in another one. */
export function createChoiceStore<Item, Query extends AskedRows>(): WritableStore<Chosen<Item, Query>> {
  const store = createStore<Chosen<Item, Query>>(nothing);
  hereStore.subscribe(() => store.set(nothing));
  return store;
}
