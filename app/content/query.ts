import { ContentError, isKind } from "../../content/errors.ts";
import { formatQuery, parseQuery, toContainerdFilters } from "../../content/query.ts";
import type { Selection } from "../../content/remote/events.ts";

/** What a query asks of the server. */
export interface Asked {
  readonly selection: Pick<Selection, "query" | "filters">;
  /** Parts of the text that this server cannot be asked. */
  readonly unsaid: readonly string[];
}

/**
 * A query as the server is asked it.
 *
 * @param hasLanguage false: the server has only containerd's filters, which say a part of the language
 * @throws `invalid-argument` with its place for a text that is no query
 */
export function askedOf(text: string, hasLanguage: boolean): Asked {
  if (text.trim() === "") return { selection: {}, unsaid: [] };
  const query = parseQuery(text, "blobs");
  if (hasLanguage) return { selection: { query: formatQuery(query) }, unsaid: [] };
  const { filters, unsaid } = toContainerdFilters(query);
  return { selection: { filters }, unsaid: unsaid.map(({ start, end }) => text.slice(start, end)) };
}

/** What is wrong with a query, and where. */
export interface QueryFault {
  readonly text: string;
  readonly before: string;
  /** The wrong part; empty when the place is not known, or is the end. */
  readonly wrong: string;
  readonly after: string;
}

/** What is wrong with a query; absent for one that can be asked. */
export function faultOf(query: string): QueryFault | undefined {
  try {
    parseQuery(query, "blobs");
    return undefined;
  } catch (error) {
    if (!(error instanceof ContentError) || !isKind(error, "invalid-argument")) throw error;
    const start = (error.facts.query?.column ?? 1) - 1;
    const end = start + (error.facts.query?.length ?? 0);
    const [before, wrong, after] = [query.slice(0, start), query.slice(start, end), query.slice(end)];
    return { text: error.message, before, wrong, after };
  }
}
