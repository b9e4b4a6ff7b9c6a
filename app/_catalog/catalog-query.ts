import { ContentError } from "../../content/errors.ts";
import type { NamedRow, Query } from "../../content/query.ts";
import { compileNamedQuery, formatQuery, parseQuery, removeToken } from "../../content/query.ts";
import type { CatalogSet } from "../_live/catalog-events.ts";
import { compilePattern } from "../_query/compiler.ts";
import type { AskedRows } from "../_ui/list/chosen.ts";

/** Which rows of a set are wanted. The page holds all of them, so that it answers by itself. */
export interface CatalogQuery extends AskedRows {
  readonly target: CatalogSet;
  /** Absent: all. */
  readonly parsed?: Query<CatalogSet>;
  /** The test of a moment. @param nowMs what ages are counted from, by the server's clock */
  testAt(nowMs: number): (row: NamedRow) => boolean;
}

/**
 * A query of some namespaces; usePatterns waits for what its patterns need. A text of an address that is none asks for
 * everything.
 *
 * @param namespaces names or `["*"]`
 */
export function catalogQueryOf(text: string, target: CatalogSet, namespaces: readonly string[]): CatalogQuery {
  const all = { target, selection: { namespaces }, testAt: () => () => true };
  if (text.trim() === "") return all;
  try {
    const parsed = parseQuery(text, target, compilePattern);
    const testAt = (nowMs: number) => compileNamedQuery(parsed, new Date(nowMs), compilePattern);
    return { target, selection: { namespaces, query: formatQuery(parsed) }, parsed, testAt };
  } catch (error) {
    if (error instanceof ContentError) return all;
    throw error;
  }
}

/** A token of a query, and how many rows there would be without it. */
export interface Excluding {
  readonly token: string;
  /** The query without it. */
  readonly rest: string;
  readonly count: number;
}

/** The token that keeps the most rows away; absent where none keeps any away by itself. @param nowMs as testAt has it */
export function mostExcluding(
  text: string,
  { parsed, target, selection }: CatalogQuery,
  rows: readonly NamedRow[],
  nowMs: number,
): Excluding | undefined {
  const tokens = parsed?.terms.map(({ span }) => text.slice(span.start, span.end)) ?? [];
  return tokens
    .map((token) => {
      const rest = removeToken(text, token, target);
      const meets = catalogQueryOf(rest, target, selection.namespaces ?? []).testAt(nowMs);
      return { token, rest, count: rows.filter(meets).length };
    })
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count)[0];
}
