import { ContentError } from "../errors.ts";
import { goQuote } from "../quote.ts";
import { utf8Length } from "../utf8.ts";
import type { Token } from "./scanner.ts";
import { Scanner } from "./scanner.ts";
import { unquote } from "./unquote.ts";

/** How a selector looks at its field. */
export type Operator = "present" | "==" | "!=" | "~=";

/** One condition of a filter; all of a filter's have to hold. */
export interface Selector {
  /** At least one part, such as `["labels", "containerd.io/gc.root"]`. */
  readonly fieldpath: readonly string[];
  readonly operator: Operator;
  /** Empty for `present`. */
  readonly value: string;
}

/**
 * The selectors of one filter (containerd's filters/parser.go):
 *
 *     filter    = selector { "," selector }
 *     selector  = fieldpath [ operator value ]
 *     fieldpath = field { "." field }
 *     field     = quoted | letters, digits and "_"
 *     operator  = "==" | "!=" | "~="
 *     value     = quoted | anything without spaces and ","
 *     quoted    = a Go string in "…"; after "~=" also in /…/ or |…|
 *
 * @returns none for the empty filter, which matches all
 * @throws `invalid-argument` with containerd's text, the place marked with `>|` and `|<`
 */
export function parseFilter(input: string): readonly Selector[] {
  if (input === "") return [];
  const scanner = new Scanner(input);
  const selectors = [parseSelector(scanner)];
  for (let next = scanner.peek(); next !== ""; next = scanner.peek()) {
    if (next !== ",") throw parseError(scanner, scanner.position, `unexpected input: ${next}`);
    scanner.scan();
    selectors.push(parseSelector(scanner));
  }
  return selectors;
}

function parseSelector(scanner: Scanner): Selector {
  const fieldpath = [parseField(scanner)];
  while (scanner.peek() === ".") {
    scanner.scan();
    fieldpath.push(parseField(scanner));
  }
  const next = scanner.peek();
  if (next === "," || next === "") return { fieldpath, operator: "present", value: "" };
  const operator = parseOperator(scanner);
  return { fieldpath, operator, value: parseValue(scanner, operator) };
}

function parseField(scanner: Scanner): string {
  const token = scanner.scan();
  if (token.kind === "field") return token.text;
  if (token.kind === "quoted") return parseQuoted(scanner, token, '"');
  throw parseError(scanner, token.position, faultOf(scanner, token) ?? "expected field or quoted");
}

function parseOperator(scanner: Scanner): Exclude<Operator, "present"> {
  const token = scanner.scan();
  const { kind, position, text } = token;
  if (kind === "operator") {
    if (text === "==" || text === "!=" || text === "~=") return text;
    throw parseError(scanner, position, `unsupported operator ${goQuote(text)}`);
  }
  throw parseError(scanner, position, faultOf(scanner, token) ?? 'expected an operator ("=="|"!="|"~=")');
}

function parseValue(scanner: Scanner, operator: Operator): string {
  const token = scanner.scan();
  if (token.kind === "value" || token.kind === "field") return token.text;
  if (token.kind === "quoted") return parseQuoted(scanner, token, operator === "~=" ? '"/|' : '"');
  throw parseError(scanner, token.position, faultOf(scanner, token) ?? "expected value or quoted");
}

function parseQuoted(scanner: Scanner, { position, text }: Token, quotes: string): string {
  if (!quotes.includes(text.slice(0, 1))) throw parseError(scanner, position, "invalid quote encountered");
  const value = unquote(text);
  if (value === undefined) throw parseError(scanner, position, "unquoting failed: quote syntax error");
  return value;
}

function faultOf(scanner: Scanner, token: Token): string | undefined {
  return token.kind === "illegal" ? scanner.fault : undefined;
}

/** containerd marks one byte: of a longer character, a caller sees U+FFFD for each of its bytes. */
function parseError({ input }: Scanner, position: number, text: string): ContentError {
  const code = input.codePointAt(position);
  if (code === undefined) return new ContentError("invalid-argument", `filters: parse error: [${input}]: ${text}`);
  const character = String.fromCodePoint(code);
  const bytes = utf8Length(character);
  const shown = bytes === 1 ? character : "\ufffd".repeat(bytes);
  const before = input.slice(0, position);
  const after = shown.slice(1) + input.slice(position + character.length);
  return new ContentError("invalid-argument", `filters: parse error: [${before} >|${shown[0]}|< ${after}]: ${text}`);
}
