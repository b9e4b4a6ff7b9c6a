"use client";
import { parseAsString, throttle, useQueryState } from "nuqs";
import { useCallback, useEffect, useMemo } from "react";
import { ContentError } from "../../content/errors.ts";
import { readQuery } from "../../content/query.ts";
import type { EventQuery } from "../_live/events.ts";
import { useStore } from "../_live/hooks.ts";
import { serverStore } from "../_live/server.ts";
import { namespacesOf, useScope } from "../_shell/scope.ts";
import { liveEvents } from "./live.ts";
import { suggestEvents } from "./suggest.ts";

const typed = parseAsString.withDefault("").withOptions({ history: "replace", limitUrlUpdates: throttle(120) });

/** What the address asks of what was done, and the server's answer as it changes. */
export function useActivity() {
  const { names } = useScope();
  const [text, setText] = useQueryState("q", typed);
  const query = useMemo((): EventQuery => ({ query: askable(text), namespaces: namespacesOf(names) }), [text, names]);
  useEffect(() => liveEvents.show(query), [query]);
  const view = useStore(liveEvents);
  const setQuery = useCallback((next: string) => void setText(next === "" ? null : next), [setText]);
  return {
    names,
    text,
    setQuery,
    query,
    view,
    suggest: useSuggest(),
    /** The same text while it is the same list. */
    identity: `${names.join(",")} ${text}`,
    isEmpty: view.query === query && view.isComplete && view.rows.length === 0 && text === "",
  };
}

/** What useActivity tells. */
export type Activity = ReturnType<typeof useActivity>;

/** An address can hold a text that is no query: then everything is asked for. */
function askable(text: string): string {
  try {
    readQuery(text, "events");
    return text;
  } catch (error) {
    if (error instanceof ContentError) return "";
    throw error;
  }
}

function useSuggest() {
  const { namespaces } = useStore(serverStore);
  return useCallback(
    (text: string, cursor: number) => {
      const events = liveEvents.get().rows.map(({ row }) => row);
      return suggestEvents(text, cursor, { namespaces, events });
    },
    [namespaces],
  );
}
