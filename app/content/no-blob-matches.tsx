"use client";
import { getBlobPage } from "../../content/remote/pages.ts";
import { serverTransport } from "../_live/link.ts";
import { NoMatch } from "../_query/no-match.tsx";
import type { CountedRows } from "./use-excluding.ts";
import { useExcluding } from "./use-excluding.ts";

const blobs: CountedRows = {
  target: "blobs",
  async count(selection, signal) {
    return (await getBlobPage(serverTransport(), { selection, orderBy: "", size: 1 }, signal))?.count ?? 0;
  },
};

interface NoBlobMatchesProps {
  readonly query: string;
  readonly namespaces: readonly string[];
  readonly onQuery: (query: string) => void;
}

/** There are blobs, but none of them is wanted: the query, and what of it keeps the most away. */
export function NoBlobMatches({ query, namespaces, onQuery }: NoBlobMatchesProps) {
  return <NoMatch noun="blob" query={query} excluding={useExcluding(query, namespaces, blobs)} onQuery={onQuery} />;
}
