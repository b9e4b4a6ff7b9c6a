import { formatQuery, parseQuery, toContainerdFilters } from "../../content/query.ts";
import type { Selection } from "../../content/remote/events.ts";
import { compilePattern } from "../_query/compiler.ts";

/** What a query asks of the server. */
export interface Asked {
  readonly selection: Pick<Selection, "query" | "filters">;
  /** Parts of the text that this server cannot be asked. */
  readonly unsaid: readonly string[];
}

/**
 * A query as the server is asked it; usePatterns waits for what its patterns need.
 *
 * @param hasLanguage false: the server has only containerd's filters, which say a part of the language
 * @throws `invalid-argument` with its place for a text that is no query
 */
export function askedOf(text: string, hasLanguage: boolean): Asked {
  if (text.trim() === "") return { selection: {}, unsaid: [] };
  const query = parseQuery(text, "blobs", compilePattern);
  if (hasLanguage) return { selection: { query: formatQuery(query) }, unsaid: [] };
  const { filters, unsaid } = toContainerdFilters(query);
  return { selection: { filters }, unsaid: unsaid.map(({ start, end }) => text.slice(start, end)) };
}
