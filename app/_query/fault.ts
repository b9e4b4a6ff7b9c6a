import { ContentError, isKind } from "../../content/errors.ts";
import type { Target } from "../../content/query.ts";
import { parseQuery, readQuery } from "../../content/query.ts";
import { compilePattern } from "./compiler.ts";

/** What is wrong with a query, and where. */
export interface QueryFault {
  readonly text: string;
  readonly before: string;
  /** The wrong part; empty when the place is not known, or is the end. */
  readonly wrong: string;
  readonly after: string;
}

/**
 * What is wrong with a query; absent for one that can be asked.
 *
 * @param canCompile false: what is wrong with its patterns is not known yet
 */
export function faultOf(query: string, target: Target, canCompile: boolean): QueryFault | undefined {
  try {
    if (canCompile) parseQuery(query, target, compilePattern);
    else readQuery(query, target);
    return undefined;
  } catch (error) {
    if (!(error instanceof ContentError) || !isKind(error, "invalid-argument")) throw error;
    const start = (error.facts.query?.column ?? 1) - 1;
    const end = start + (error.facts.query?.length ?? 0);
    const [before, wrong, after] = [query.slice(0, start), query.slice(start, end), query.slice(end)];
    return { text: error.message, before, wrong, after };
  }
}
