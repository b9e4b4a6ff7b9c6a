"use client";
import { useEffect, useState } from "react";
import type { Ingest, IngestEvent } from "../../content/remote/events.ts";
import { storeHere } from "../_live/here.ts";
import { ingestKey } from "../_live/keys.ts";
import { pageLink } from "../_live/link.ts";

/** The ingests of all namespaces of the page's store, followed while the component is there; whichever the page is about. */
export function useAllIngests(): readonly Ingest[] {
  const [ingests, setIngests] = useState<readonly Ingest[]>([]);
  useEffect(() => {
    const end = new AbortController();
    void follow(setIngests, end.signal);
    return () => end.abort();
  }, []);
  return ingests;
}

async function follow(tell: (ingests: readonly Ingest[]) => void, signal: AbortSignal): Promise<void> {
  const held = new Map<string, Ingest>();
  try {
    for await (const event of pageLink.ingests({ selection: { namespaces: ["*"] }, store: storeHere() }, signal)) {
      if (apply(held, event) && !signal.aborted) tell([...held.values()]);
    }
  } catch {
    // Refs are not found then; the page beneath says what is wrong with its own ingests.
  }
}

/** @returns true where it changed what can be found */
function apply(held: Map<string, Ingest>, event: IngestEvent): boolean {
  switch (event.kind) {
    case "begin":
      held.clear();
      return false;
    case "ingests":
      return event.ingests.filter((ingest) => put(held, ingest)).length > 0;
    case "left":
      return held.delete(ingestKey(event.namespace, event.ref));
    case "ended":
      return held.delete(ingestKey(event.ended.namespace, event.ended.ref));
    case "bookmark":
    case "connection":
      return false;
  }
}

/** Bytes that arrive are no news to who looks for a ref. */
function put(held: Map<string, Ingest>, ingest: Ingest): boolean {
  const key = ingestKey(ingest.namespace, ingest.status.ref);
  if (held.has(key)) return false;
  held.set(key, ingest);
  return true;
}
