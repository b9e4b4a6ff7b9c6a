import { ContentError } from "../errors.ts";
import { goQuote } from "../quote.ts";
import type { Span } from "./ast.ts";

/** What is wrong with a query, for people, and with which piece of it. */
export interface Fault {
  readonly message: string;
  readonly span: Span;
}

/** Characters of what was typed that an error repeats; errors travel in headers. */
const maxShown = 80;

/** What was typed, for an error: in quotes, cut when it is long. */
export function shown(text: string): string {
  return goQuote(text.length > maxShown ? `${text.slice(0, maxShown).toWellFormed()}…` : text);
}

/** A fault as an error: `invalid-argument`, its place as the fact `query`. */
export function queryError({ message, span }: Fault, cause?: unknown): ContentError {
  const query = { column: span.start + 1, length: Math.max(1, span.end - span.start) };
  return new ContentError("invalid-argument", message, { cause, query });
}

/** Do something with a piece of a query, whose place its errors then carry. */
export function at<R>(span: Span, action: () => R): R {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ContentError) || error.facts.query) throw error;
    throw queryError({ message: error.message, span }, error);
  }
}
