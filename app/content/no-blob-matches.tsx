"use client";
import { NoMatch } from "../_query/no-match.tsx";
import { useExcluding } from "./use-excluding.ts";

interface NoBlobMatchesProps {
  readonly query: string;
  readonly namespaces: readonly string[];
  readonly onQuery: (query: string) => void;
}

/** There are blobs, but none of them is wanted: the query, and what of it keeps the most away. */
export function NoBlobMatches({ query, namespaces, onQuery }: NoBlobMatchesProps) {
  return <NoMatch noun="blob" query={query} excluding={useExcluding(query, namespaces)} onQuery={onQuery} />;
}
