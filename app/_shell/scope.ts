"use client";
import { usePathname } from "next/navigation";
import { parseAsArrayOf, parseAsString, useQueryState } from "nuqs";
import { useCallback, useEffect, useMemo } from "react";
import { hereStore, storeHref } from "../_live/here.ts";
import { useStore } from "../_live/hooks.ts";
import { createStore } from "../_live/store.ts";

/** What the page is about: a store, and namespaces of it. */
export interface Scope {
  /** Name of the store; empty: the server's default one. */
  readonly store: string;
  /** Names; none: all. */
  readonly names: readonly string[];
  readonly set: (names: readonly string[]) => void;
  /** A link to a page, in the same scope. */
  readonly hrefOf: (path: string) => string;
}

const storeParam = parseAsString.withDefault("");
const param = parseAsArrayOf(parseAsString).withDefault([]).withOptions({ history: "push", shallow: true });

/** What was chosen last: a page about one thing has another `ns` in its address, and leads back to this. */
const remembered = createStore<readonly string[]>([]);
hereStore.subscribe(() => remembered.set([]));

/** The store that the address names; empty: the server's default one. */
export function useStoreName(): string {
  return useQueryState("store", storeParam)[0];
}

/** The address parameters `store`, and `ns`: names with commas; absent or `*`: all namespaces. */
export function useScope(): Scope {
  const store = useStoreName();
  const isAboutOne = usePathname() === "/blob";
  const [asked, setAsked] = useQueryState("ns", param);
  const last = useStore(remembered);
  const key = (isAboutOne ? last : asked).filter((name) => name !== "" && name !== "*").join(",");
  const names = useMemo(() => (key === "" ? [] : key.split(",")), [key]);

  useEffect(() => {
    if (!isAboutOne) remembered.set(names);
  }, [isAboutOne, names]);

  const set = useCallback(
    (chosen: readonly string[]) => {
      remembered.set(chosen);
      if (!isAboutOne) void setAsked(chosen.length === 0 ? null : [...chosen]);
    },
    [isAboutOne, setAsked],
  );
  const hrefOf = useCallback(
    (path: string) => storeHref(key === "" ? path : `${path}?ns=${encodeURIComponent(key)}`, store),
    [key, store],
  );
  return { store, names, set, hrefOf };
}

/** The names that an address chooses, before anything is drawn. */
export function namesAt(search: URLSearchParams): readonly string[] {
  return (param.parse(search.get("ns") ?? "") ?? []).filter((name) => name !== "" && name !== "*");
}

/** A scope as a Selection names it. */
export function namespacesOf(names: readonly string[]): readonly string[] {
  return names.length === 0 ? ["*"] : names;
}
