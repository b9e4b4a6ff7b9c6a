import type { Span } from "./ast.ts";
import type { Fault } from "./fault.ts";

/** A piece of a token's value: `quoted` was in "…", `regexp` in /…/; `text` is what it means. */
export interface Part {
  readonly kind: "plain" | "quoted" | "regexp";
  readonly text: string;
  readonly span: Span;
}

/** A token as it was typed, before anybody asks what its field is. */
export interface Token {
  /** All of it, with its `-`. */
  readonly span: Span;
  readonly excluded: boolean;
  /** The letters before the first colon; absent for a free word. */
  readonly field?: { readonly name: string; readonly span: Span };
  readonly parts: readonly Part[];
  /** What stands after `-` and `field:`. */
  readonly valueSpan: Span;
  /** The first thing that is wrong with it. */
  readonly fault?: Fault;
}

/** What parts tokens. */
const space = /\s/;

/** Letters only: `sha256:…`, `layer-sha256:…` and `docker.io/…` are words. */
const fieldName = /[A-Za-z]+(?=:)/y;

/**
 * Takes a query apart; it never throws, what is wrong is told by the token.
 *
 *     token  = [ "-" ] [ letters ":" ] value
 *     value  = regexp | { plain | quoted }
 *     quoted = `"` … `"`, where `\"` and `\\` mean `"` and `\`
 *     regexp = "/" … "/", where `\/` means `/`; a label's may stand after its "="
 *
 * A quote that is not closed reaches to the end of the text, so does a regular expression.
 */
export function scanQuery(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = skipSpace(text, 0);
  while (position < text.length) {
    const token = scanToken(text, position);
    tokens.push(token);
    position = skipSpace(text, token.span.end);
  }
  return tokens;
}

function skipSpace(text: string, start: number): number {
  let position = start;
  while (position < text.length && space.test(text.charAt(position))) position += 1;
  return position;
}

function scanToken(text: string, start: number): Token {
  const excluded = text[start] === "-";
  const nameStart = excluded ? start + 1 : start;
  fieldName.lastIndex = nameStart;
  const [name] = fieldName.exec(text) ?? [];
  const valueStart = name === undefined ? nameStart : nameStart + name.length + 1;
  const { parts, end, fault } = scanValue(text, valueStart, name === "label");
  return {
    span: { start, end },
    excluded,
    ...(name !== undefined && { field: { name, span: { start: nameStart, end: nameStart + name.length } } }),
    parts,
    valueSpan: { start: valueStart, end },
    ...(fault && { fault }),
  };
}

interface Value {
  readonly parts: readonly Part[];
  readonly end: number;
  readonly fault?: Fault;
}

function scanValue(text: string, start: number, isLabel: boolean): Value {
  const parts: Part[] = [];
  let fault: Fault | undefined;
  let position = start;
  let regexpAt = start;
  let equals = isLabel;
  while (position < text.length && !space.test(text.charAt(position))) {
    const character = text.charAt(position);
    let part: Scanned;
    if (character === '"') part = scanQuoted(text, position);
    else if (character === "/" && position === regexpAt) part = scanRegexp(text, position);
    else part = scanPlain(text, position, equals);
    if (part.kind === "plain" && equals && part.text.endsWith("=")) {
      equals = false;
      regexpAt = part.span.end;
    }
    if (parts.at(-1)?.kind === "regexp") {
      fault ??= { message: "a space has to follow the regular expression; text stands in quotes", span: part.span };
    }
    fault ??= part.fault;
    parts.push({ kind: part.kind, text: part.text, span: part.span });
    position = part.span.end;
  }
  return { parts, end: position, ...(fault && { fault }) };
}

interface Scanned extends Part {
  readonly fault?: Fault;
}

/** @param equals true: it ends after the first `=` */
function scanPlain(text: string, start: number, equals: boolean): Scanned {
  let end = start;
  while (end < text.length) {
    const character = text.charAt(end);
    if (character === '"' || space.test(character)) break;
    end += 1;
    if (equals && character === "=") break;
  }
  return { kind: "plain", text: text.slice(start, end), span: { start, end } };
}

function scanQuoted(text: string, start: number): Scanned {
  let meaning = "";
  for (let index = start + 1; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '"') return { kind: "quoted", text: meaning, span: { start, end: index + 1 } };
    const next = text[index + 1];
    if (character === "\\" && (next === '"' || next === "\\")) {
      meaning += next;
      index += 1;
    } else {
      meaning += character;
    }
  }
  const span = { start, end: text.length };
  return { kind: "quoted", text: meaning, span, fault: { message: "the quote is not closed", span } };
}

function scanRegexp(text: string, start: number): Scanned {
  let pattern = "";
  for (let index = start + 1; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === "/") return { kind: "regexp", text: pattern, span: { start, end: index + 1 } };
    const next = character === "\\" ? text.charAt(index + 1) : "";
    pattern += next === "/" ? next : `${character}${next}`;
    index += next.length;
  }
  const span = { start, end: text.length };
  const message = "the regular expression has no closing /; text that begins with / stands in quotes";
  return { kind: "regexp", text: pattern, span, fault: { message, span } };
}
