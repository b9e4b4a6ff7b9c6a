import { ContentError } from "../../content/errors.ts";
import type { NamedRow, Query } from "../../content/query.ts";
import { compileNamedQuery, formatQuery, parseQuery } from "../../content/query.ts";
import type { CatalogSet } from "../_live/catalog-events.ts";
import { compilePattern } from "../_query/compiler.ts";
import type { Excluding } from "../_query/excluding.ts";
import { excludingMost } from "../_query/excluding.ts";
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

/** As excludingMost. @param nowMs as testAt has it */
export function mostExcluding(
  text: string,
  { parsed, target }: CatalogQuery,
  rows: readonly NamedRow[],
  nowMs: number,
): Excluding | undefined {
  const countOf = (query: string) => rows.filter(catalogQueryOf(query, target, []).testAt(nowMs)).length;
  return excludingMost(text, target, parsed, countOf);
}
