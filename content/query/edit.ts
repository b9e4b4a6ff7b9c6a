import { ContentError } from "../errors.ts";
import type { Target } from "./ast.ts";
import { conditionOf } from "./conditions.ts";
import { formatTerm } from "./format.ts";
import type { Token } from "./scanner.ts";
import { scanQuery } from "./scanner.ts";

/**
 * A query with one token more; the rest stays as it was typed, also where it does not parse.
 *
 * One that means the same is left alone, and its opposite, with `-` or without, gives its place.
 *
 * @param token such as formatTerm makes; one token, or the text is returned as it is
 */
export function addToken(text: string, token: string, target: Target): string {
  const added = onlyToken(token);
  if (!added) return text;
  const tokens = scanQuery(text);
  const typed = token.slice(added.span.start, added.span.end);
  const name = canonical(token, added, target);
  if (tokens.some((other) => canonical(text, other, target) === name)) return text;
  const opposite = tokens.find((other) => canonical(text, other, target) === negated(name));
  if (opposite) return replace(text, opposite.span.start, opposite.span.end, typed);
  const last = tokens.at(-1);
  // After a quote that is not closed, anything would be a part of it.
  if (last?.fault) return replace(text, last.span.start, last.span.start, `${typed} `);
  return `${text.trimEnd()}${last ? " " : ""}${typed}`;
}

/** A query without a token, wherever it stands and however it is written; the rest stays as it was typed. */
export function removeToken(text: string, token: string, target: Target): string {
  const removed = onlyToken(token);
  if (!removed) return text;
  const name = canonical(token, removed, target);
  const gone = scanQuery(text).filter((other) => canonical(text, other, target) === name);
  let rest = text;
  for (const { span } of gone.reverse()) {
    const before = rest.slice(0, span.start);
    const after = rest.slice(span.end).trimStart();
    rest = after === "" ? before.trimEnd() : `${before}${after}`;
  }
  return rest;
}

/** A query without a token that it has, or with one that it has not. */
export function toggleToken(text: string, token: string, target: Target): string {
  return hasToken(text, token, target) ? removeToken(text, token, target) : addToken(text, token, target);
}

/** True when a query has a token, however it is written. */
export function hasToken(text: string, token: string, target: Target): boolean {
  const asked = onlyToken(token);
  if (!asked) return false;
  const name = canonical(token, asked, target);
  return scanQuery(text).some((other) => canonical(text, other, target) === name);
}

function onlyToken(text: string): Token | undefined {
  const [token, ...more] = scanQuery(text);
  return more.length === 0 && !token?.fault ? token : undefined;
}

/** The one text of a token that means the same; of one that means nothing, what was typed. */
function canonical(text: string, token: Token, target: Target): string {
  const typed = text.slice(token.span.start, token.span.end);
  if (token.fault) return typed;
  try {
    return formatTerm(conditionOf(token, target), token.excluded);
  } catch (error) {
    if (error instanceof ContentError) return typed;
    throw error;
  }
}

function negated(token: string): string {
  return token.startsWith("-") ? token.slice(1) : `-${token}`;
}

function replace(text: string, start: number, end: number, by: string): string {
  return `${text.slice(0, start)}${by}${text.slice(end)}`;
}
