"use client";
import { usePathname, useSearchParams } from "next/navigation";
import { useDeferredValue, useMemo, useState } from "react";
import type { StoreFacts } from "../../content/remote/stores.ts";
import { useConnection, useStore } from "../_live/hooks.ts";
import { serverStore } from "../_live/server.ts";
import { storesStore } from "../_live/stores.ts";
import { useCanCompile } from "../_query/patterns.ts";
import { pages } from "../_shell/pages.ts";
import { useScope } from "../_shell/scope.ts";
import { shortcutsStore } from "../_ui/shortcuts.ts";
import { actionsOf } from "./actions.ts";
import { notesElsewhere, type StoreNote } from "./elsewhere-groups.ts";
import type { Found, FoundGroup } from "./found.ts";
import { findGroups, isNothing } from "./found-groups.ts";
import { readRecent } from "./recent.ts";
import type { Wanted } from "./recognize.ts";
import { recognize } from "./recognize.ts";
import { useAllIngests } from "./use-all-ingests.ts";
import { useBlobs } from "./use-blobs.ts";
import { useElsewhere } from "./use-elsewhere.ts";

/** What is found for a text, and how far the search is. */
export interface FoundView {
  readonly wanted: Wanted;
  readonly groups: readonly FoundGroup[];
  /** What there is to say of other stores. */
  readonly notes: readonly StoreNote[];
  /** The server is asked. */
  readonly isAsking: boolean;
  /** Why the server does not answer; absent: it does, or is not asked. */
  readonly error?: unknown;
  readonly isOffline: boolean;
  readonly retry: () => void;
}

const none: readonly StoreFacts[] = [];

/** Finds what a text asks for. @param row the row that has the focus; absent: none has */
export function useFound(text: string, row: HTMLElement | undefined): FoundView {
  const wanted = useMemo(() => recognize(text, window.location.origin), [text]);
  const [tries, setTries] = useState(0);
  const answer = useBlobs(wanted.kind === "anything" ? wanted.digest : undefined, tries);
  const { namespaces } = useStore(serverStore);
  const { stores: all } = useStore(storesStore);
  const stores = all.length > 1 ? all : none;
  const answers = useElsewhere(wanted);
  const shortcuts = useStore(shortcutsStore);
  const ingests = useDeferredValue(useAllIngests());
  const place = usePlace();
  const [recent] = useState(readRecent);
  const canCompile = useCanCompile(wanted.kind === "anything" ? wanted.words : "");
  const pageItems = usePages();
  const actions = useMemo(() => actionsOf(shortcuts, row), [shortcuts, row]);
  const groups = useMemo(() => {
    const known = { place, pages: pageItems, actions, namespaces, stores, answers, ingests, recent, canCompile };
    return findGroups(wanted, { ...known, ...(answer.found && { blobs: answer.found }) });
  }, [wanted, place, pageItems, actions, namespaces, stores, answers, ingests, recent, canCompile, answer.found]);
  const isOffline = useConnection().state === "offline";
  const notes = useMemo(() => notesElsewhere(answers, place.store), [answers, place.store]);
  // A digest that is not here may be elsewhere.
  const isElsewhere = answer.digest !== undefined && isNothing(groups) && notes.some(({ isWaiting }) => isWaiting);
  return {
    wanted,
    groups,
    notes,
    isAsking: answer.isAsking || isElsewhere,
    ...(answer.error !== undefined && { error: answer.error }),
    isOffline,
    retry: () => setTries((count) => count + 1),
  };
}

function usePlace() {
  const path = usePathname();
  const search = useSearchParams().toString();
  const { store, names: scope } = useScope();
  return useMemo(() => ({ store, path, search, scope }), [store, path, search, scope]);
}

function usePages(): readonly Found[] {
  const { hrefOf } = useScope();
  return useMemo(
    () =>
      pages.map(({ path, name, keys }) => {
        return { key: `page ${path}`, kind: "page", label: name, note: "", keys, href: hrefOf(path) };
      }),
    [hrefOf],
  );
}
