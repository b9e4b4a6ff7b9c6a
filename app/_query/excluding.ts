import type { Query, Target } from "../../content/query.ts";
import { removeToken } from "../../content/query.ts";

/** A token of a query without a match, and how many rows there would be without it. */
export interface Excluding {
  readonly token: string;
  /** The query without it. */
  readonly rest: string;
  readonly count: number;
}

/**
 * The token that keeps the most rows away; absent where none keeps any away by itself.
 *
 * @param parsed the query; absent: it is empty
 * @param countOf how many rows a query asks for
 */
export function excludingMost<T extends Target>(
  text: string,
  target: T,
  parsed: Query<T> | undefined,
  countOf: (query: string) => number,
): Excluding | undefined {
  const tokens = parsed?.terms.map(({ span }) => text.slice(span.start, span.end)) ?? [];
  return worstOf(
    tokens.map((token) => {
      const rest = removeToken(text, token, target);
      return { token, rest, count: countOf(rest) };
    }),
  );
}

/** The one that keeps the most rows away; absent where none keeps any away. */
export function worstOf(all: readonly Excluding[]): Excluding | undefined {
  return all.filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count)[0];
}
