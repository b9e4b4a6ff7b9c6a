"use client";
import { useEffect, useState } from "react";
import type { Target } from "../../content/query.ts";
import { readQuery } from "../../content/query.ts";
import type { Selection } from "../../content/remote/events.ts";
import type { Excluding } from "../_query/excluding.ts";
import { worstOf } from "../_query/excluding.ts";

/** What a query is about. Its functions stay the same ones. */
export interface CountedRows {
  readonly target: Target;
  /** How many rows of a selection there are. */
  count(selection: Pick<Selection, "query" | "namespaces">, signal: AbortSignal): Promise<number>;
}

/** Tokens that are tried, at most. */
const mostTokens = 6;

/**
 * Which token of a query without a match keeps the most rows away; absent until it is known, and where leaving out one
 * token alone changes nothing.
 *
 * @param query empty: nothing is asked
 */
export function useExcluding(query: string, namespaces: readonly string[], rows: CountedRows): Excluding | undefined {
  const [found, setFound] = useState<{ readonly query: string; readonly best: Excluding | undefined }>();
  useEffect(() => {
    const rests = restsOf(query, rows.target);
    if (rests.length === 0) return;
    const end = new AbortController();
    countRests(rests, namespaces, rows, end.signal).then(
      (all) => setFound({ query, best: worstOf(all) }),
      () => undefined,
    );
    return () => end.abort();
  }, [query, namespaces, rows]);
  return found?.query === query ? found.best : undefined;
}

/** A query without each of its tokens. */
export function restsOf(query: string, target: Target): readonly Omit<Excluding, "count">[] {
  if (query.trim() === "") return [];
  const spans = readQuery(query, target).terms.map(({ span }) => span);
  if (spans.length < 2) return [];
  return spans.slice(0, mostTokens).map(({ start, end }) => ({
    token: query.slice(start, end),
    rest: `${query.slice(0, start)}${query.slice(end).trimStart()}`.trim(),
  }));
}

/** One after the other: a person has a few places for queries that read everything. */
async function countRests(
  rests: readonly Omit<Excluding, "count">[],
  namespaces: readonly string[],
  rows: CountedRows,
  signal: AbortSignal,
): Promise<readonly Excluding[]> {
  const counted: Excluding[] = [];
  for (const rest of rests) {
    counted.push({ ...rest, count: await rows.count({ query: rest.rest, namespaces }, signal) });
  }
  return counted;
}
