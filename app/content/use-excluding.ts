"use client";
import { useEffect, useState } from "react";
import { readQuery } from "../../content/query.ts";
import { getBlobPage } from "../../content/remote/pages.ts";
import { serverTransport } from "../_live/link.ts";

/** The token of a query without which the most rows match. */
export interface Excluding {
  readonly token: string;
  /** The query without it. */
  readonly rest: string;
  /** Rows that match then. */
  readonly count: number;
}

/** Tokens that are tried, at most. */
const mostTokens = 6;

/**
 * Which token of a query without a match keeps the most rows away; absent until it is known, and where leaving out one
 * token alone changes nothing.
 *
 * @param query empty: nothing is asked
 */
export function useExcluding(query: string, namespaces: readonly string[]): Excluding | undefined {
  const [found, setFound] = useState<{ readonly query: string; readonly best: Excluding | undefined }>();
  useEffect(() => {
    const rests = restsOf(query);
    if (rests.length === 0) return;
    const end = new AbortController();
    countRests(rests, namespaces, end.signal).then(
      (all) => setFound({ query, best: all.filter(({ count }) => count > 0).toSorted(byCount)[0] }),
      () => undefined,
    );
    return () => end.abort();
  }, [query, namespaces]);
  return found?.query === query ? found.best : undefined;
}

/** A query without each of its tokens. */
export function restsOf(query: string): readonly Omit<Excluding, "count">[] {
  if (query.trim() === "") return [];
  const spans = readQuery(query, "blobs").terms.map(({ span }) => span);
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
  signal: AbortSignal,
): Promise<readonly Excluding[]> {
  const counted: Excluding[] = [];
  for (const rest of rests) {
    const selection = { query: rest.rest, namespaces };
    const page = await getBlobPage(serverTransport(), { selection, orderBy: "", size: 1 }, signal);
    counted.push({ ...rest, count: page?.count ?? 0 });
  }
  return counted;
}

function byCount(a: Excluding, b: Excluding): number {
  return b.count - a.count;
}
