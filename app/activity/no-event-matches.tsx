"use client";
import type { EventQuery } from "../_live/events.ts";
import { NoMatch } from "../_query/no-match.tsx";
import type { CountedRows } from "../content/use-excluding.ts";
import { useExcluding } from "../content/use-excluding.ts";
import { countEvents } from "./live.ts";

const events: CountedRows = { target: "events", count: countEvents };

interface NoEventMatchesProps {
  readonly query: EventQuery;
  readonly onQuery: (query: string) => void;
}

/** Things were done, but none of them is asked for: the query, and what of it keeps the most away. */
export function NoEventMatches({ query: { query, namespaces }, onQuery }: NoEventMatchesProps) {
  return <NoMatch noun="event" query={query} excluding={useExcluding(query, namespaces, events)} onQuery={onQuery} />;
}
