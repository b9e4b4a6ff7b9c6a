import type { Span, Target } from "./ast.ts";
import { isField } from "./fields.ts";
import type { Part, Token } from "./scanner.ts";
import { scanQuery } from "./scanner.ts";

/** What is being typed, and what a completion takes the place of. */
export interface Completion {
  /** `word`: a field's name, or a free word; `key`: a label's key; `value`: what follows a field or a label's key. */
  readonly kind: "word" | "key" | "value";
  /** The field whose value it is; absent for `word`, `label` for `key`. */
  readonly field?: string;
  /** The label whose value it is. */
  readonly key?: string;
  /** What was typed of it up to the cursor, without quotes; empty: nothing yet. */
  readonly typed: string;
  /** What to replace: all of the name with its colon, or all of the value, whatever of it is behind the cursor. */
  readonly span: Span;
  /** True after a `-`, which stays. */
  readonly excluded: boolean;
}

/**
 * What stands at a cursor; absent in a regular expression, in a value of no field, and in a free word in quotes.
 *
 * @param cursor a UTF-16 index of the text, from 0 to its length
 */
export function completeAt(text: string, cursor: number, target: Target): Completion | undefined {
  const token = scanQuery(text).find(({ span }) => span.start <= cursor && cursor <= span.end);
  const start = token ? token.span.start + Number(token.excluded) : cursor;
  if (!token || cursor < start) {
    return { kind: "word", typed: "", span: { start: cursor, end: cursor }, excluded: false };
  }
  const { field, excluded, valueSpan, parts } = token;
  if (field && cursor < valueSpan.start) {
    return { kind: "word", typed: text.slice(start, cursor), span: { start, end: valueSpan.start }, excluded };
  }
  if (parts.some(({ kind, span }) => kind === "regexp" && span.start < cursor)) return undefined;
  if (field) return isField(target, field.name) ? valueAt(token, field.name, cursor) : undefined;
  if (parts.some(({ kind }) => kind !== "plain")) return undefined;
  return { kind: "word", typed: text.slice(start, cursor), span: valueSpan, excluded };
}

function valueAt({ parts, valueSpan, excluded }: Token, field: string, cursor: number): Completion {
  const equals = field === "label" ? parts.find(({ kind, text }) => kind === "plain" && text.endsWith("=")) : undefined;
  if (field !== "label") {
    return { kind: "value", field, typed: typedOf(parts, cursor), span: valueSpan, excluded };
  }
  if (!equals || cursor < equals.span.end) {
    const end = equals ? equals.span.end - 1 : valueSpan.end;
    return { kind: "key", field, typed: typedOf(parts, cursor), span: { start: valueSpan.start, end }, excluded };
  }
  const key = textOf(parts.slice(0, parts.indexOf(equals) + 1)).slice(0, -1);
  const typed = typedOf(parts.slice(parts.indexOf(equals) + 1), cursor);
  return { kind: "value", field, key, typed, span: { start: equals.span.end, end: valueSpan.end }, excluded };
}

/** In a quoted part that goes on behind the cursor, all of it counts as typed. */
function typedOf(parts: readonly Part[], cursor: number): string {
  return textOf(
    parts
      .filter(({ span }) => span.start < cursor)
      .map((part) => (part.kind === "plain" ? { ...part, text: part.text.slice(0, cursor - part.span.start) } : part)),
  );
}

function textOf(parts: readonly Pick<Part, "text">[]): string {
  return parts.map(({ text }) => text).join("");
}
