const escapes: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, "\\": 0x5c };

const maxCodePoint = 0x10_ffff;

/** One character of a literal: an escape with digits, an escape with a letter, or a run of what stands for itself. */
const piece = /\\x([0-9a-fA-F]{2})|\\([0-7]{3})|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\([^xuU0-7])|[^\\]+/gsy;

/**
 * What a quoted literal means: Go's escapes between `"`, `/` or `|`, of which only the quote itself can be escaped
 * (containerd's filters/quote.go).
 *
 * `\x` and octals are bytes, and the bytes of a text may come from several of them. Bytes that are no UTF-8 cannot be a
 * text here: each becomes a lone surrogate, and the outcome equals no digest, label or ref.
 *
 * @param literal with its quotes, as the scanner found it
 * @returns absent where the literal is none
 */
export function unquote(literal: string): string | undefined {
  const quote = literal.slice(0, 1);
  const body = literal.slice(1, -1);
  if (literal.length < 2 || !literal.endsWith(quote)) return undefined;
  const bytes: number[] = [];
  let read = 0;
  for (const match of body.matchAll(piece)) {
    const part = bytesOf(match, quote);
    if (part === undefined) return undefined;
    for (const byte of part) bytes.push(byte);
    read += match[0].length;
  }
  return read === body.length ? textOf(Uint8Array.from(bytes)) : undefined;
}

function bytesOf(match: RegExpExecArray, quote: string): Iterable<number> | undefined {
  const [run, hex, octal, short, long, letter] = match;
  if (hex !== undefined) return [Number.parseInt(hex, 16)];
  if (octal !== undefined) {
    const byte = Number.parseInt(octal, 8);
    return byte > 0xff ? undefined : [byte];
  }
  if (short !== undefined) return utf8Of(Number.parseInt(short, 16));
  if (long !== undefined) {
    // Go reads the eight digits into a signed number of 32 bits, and takes a negative one for its low byte.
    const code = Number.parseInt(long, 16) | 0;
    if (code > maxCodePoint) return undefined;
    return code < 0 ? [code & 0xff] : utf8Of(code);
  }
  if (letter !== undefined) {
    if (letter === quote) return [quote.charCodeAt(0)];
    const byte = escapes[letter];
    return byte === undefined ? undefined : [byte];
  }
  return run.includes(quote) ? undefined : new TextEncoder().encode(run);
}

/** Half of a surrogate pair is encoded as U+FFFD, as in Go. */
function utf8Of(code: number): Uint8Array {
  return new TextEncoder().encode(String.fromCodePoint(code));
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(0xdc00 + byte)).join("");
  }
}
