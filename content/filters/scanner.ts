/** What a token is. `other`: a character that can begin none. */
export type TokenKind = "eof" | "quoted" | "value" | "field" | "separator" | "operator" | "illegal" | "other";

/** A piece of a filter. `position` is an index of the input; `text` is empty at the end and for what is no token. */
export interface Token {
  readonly kind: TokenKind;
  readonly position: number;
  readonly text: string;
}

/** Stands for a character that cannot be read: a NUL, or what was no UTF-8. */
const illegal = "\ufffd";

const quotes = '/|"';
const separators = ",.";
const operators = "=!~";
const space = /\p{White_Space}/u;
const fieldCharacter = /[A-Za-z0-9_]/;
const valueCharacter = /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u;

/** Letters of the escapes that stand alone. */
const plainEscapes = "abfnrtv\\";

/** Digits of the escapes that begin with a letter and take as many as `length`. */
const digitEscapes: Readonly<Record<string, { readonly digits: RegExp; readonly length: number }>> = {
  x: { digits: /[0-9a-fA-F]/, length: 2 },
  u: { digits: /[0-9a-fA-F]/, length: 4 },
  U: { digits: /[0-9a-fA-F]/, length: 8 },
};
const octalDigit = /[0-7]/;

/**
 * Takes a filter apart (containerd's filters/scanner.go, with its ways: what follows an operator is a value, and the
 * first fault is the one that is told). A lone surrogate reads as what is no UTF-8.
 */
export class Scanner {
  readonly input: string;
  #start = 0;
  #end = 0;
  #valueNext = false;
  #fault = "";

  constructor(input: string) {
    this.input = input.toWellFormed();
  }

  /** What is wrong with the first illegal token; empty when none was. */
  get fault(): string {
    return this.#fault;
  }

  /** Index of the character that comes next. */
  get position(): number {
    return this.#end;
  }

  /** The character that comes next; empty at the end. A fault of it counts as found. */
  peek(): string {
    const start = this.#start;
    const end = this.#end;
    const character = this.#read();
    this.#start = start;
    this.#end = end;
    return character;
  }

  /** Read a token. After the last, every one is `eof`. */
  scan(): Token {
    let character = this.#read();
    while (space.test(character)) character = this.#read();
    const position = this.#start;
    const kind = this.#scanFrom(character);
    const bare = kind === "eof" || kind === "other" || (kind === "illegal" && character === illegal);
    return { kind, position, text: bare ? "" : this.input.slice(position, this.#end) };
  }

  #scanFrom(first: string): TokenKind {
    if (first === "") return "eof";
    if (first === illegal) return "illegal";
    if (quotes.includes(first)) return this.#readQuoted(first) ? "quoted" : "illegal";
    if (separators.includes(first)) {
      this.#valueNext = false;
      return "separator";
    }
    if (operators.includes(first)) {
      this.#readWhile((character) => operators.includes(character));
      this.#valueNext = true;
      return "operator";
    }
    if (this.#valueNext) {
      this.#readWhile((character) => character !== "," && character !== illegal && valueCharacter.test(character));
      this.#valueNext = false;
      return "value";
    }
    if (!fieldCharacter.test(first)) return "other";
    this.#readWhile((character) => fieldCharacter.test(character));
    return "field";
  }

  #read(): string {
    this.#start = this.#end;
    const code = this.input.codePointAt(this.#end);
    if (code === undefined) return "";
    const character = String.fromCodePoint(code);
    this.#end += character.length;
    if (character === illegal) return this.#illegal("rune error");
    if (character === "\0") return this.#illegal("unexpected null");
    return character;
  }

  #readWhile(accepts: (character: string) => boolean): void {
    for (let next = this.peek(); next !== "" && accepts(next); next = this.peek()) this.#read();
  }

  #readQuoted(quote: string): boolean {
    let legal = true;
    let character = this.#read();
    while (character !== quote) {
      if (character === "\n" || character === "" || character === illegal) {
        this.#illegal("quoted literal not terminated");
        return false;
      }
      if (character === "\\") {
        const escaped = this.#readEscape(quote);
        legal &&= escaped.legal;
        character = escaped.next;
      } else {
        character = this.#read();
      }
    }
    return legal;
  }

  #readEscape(quote: string): { readonly legal: boolean; readonly next: string } {
    const letter = this.#read();
    if (letter !== "" && (letter === quote || plainEscapes.includes(letter))) {
      return { legal: true, next: this.#read() };
    }
    if (octalDigit.test(letter)) return this.#readDigits(letter, octalDigit, 3);
    const numeric = Object.hasOwn(digitEscapes, letter) ? digitEscapes[letter] : undefined;
    if (numeric) return this.#readDigits(this.#read(), numeric.digits, numeric.length);
    this.#illegal("illegal escape sequence");
    return { legal: false, next: letter };
  }

  #readDigits(first: string, digits: RegExp, length: number): { readonly legal: boolean; readonly next: string } {
    let next = first;
    let missing = length;
    while (missing > 0 && digits.test(next)) {
      next = this.#read();
      missing -= 1;
    }
    if (missing > 0) this.#illegal("illegal numeric escape sequence");
    return { legal: missing === 0, next };
  }

  #illegal(fault: string): string {
    this.#fault ||= fault;
    return illegal;
  }
}
