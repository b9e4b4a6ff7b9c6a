import { RE2JS } from "re2js";
import { ContentError } from "./errors.ts";
import { limitRegexp } from "./regexp-limits.ts";

/**
 * A pattern as a test of a text: Go's syntax (RE2), searched anywhere in the text, in time linear in it. The empty
 * pattern matches all.
 *
 * It outweighs the rest of a page: what only reads queries and filters is given it, and does not import it.
 *
 * @throws `invalid-argument` for a pattern over a limit, or "error parsing regexp: WHAT: `WHERE`", as Go says it
 */
export function compileRegexp(pattern: string): (text: string) => boolean {
  limitRegexp(pattern);
  if (pattern === "") return () => true;
  if (!pattern.isWellFormed()) throw new ContentError("invalid-argument", "error parsing regexp: invalid UTF-8");
  const compiled = compile(pattern);
  return (text) => compiled.test(text);
}

/** How a pattern becomes a test: compileRegexp, however it was come by. */
export type CompileRegexp = typeof compileRegexp;

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const text = error instanceof Error ? error.message : "error parsing regexp";
    throw new ContentError("invalid-argument", text, { cause: error });
  }
}
