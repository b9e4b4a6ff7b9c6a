/** Escapes that Go's %q writes with a letter. */
const goLetters: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

/** What Go's %q escapes: quote, backslash, and all but letters, marks, numbers, punctuation, symbols and space. */
const goQuoted = /["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;

/** A text in double quotes as Go's %q prints it, for errors that must read as containerd's (strconv.Quote). */
export function goQuote(text: string): string {
  return `"${text.toWellFormed().replace(goQuoted, goEscape)}"`;
}

function goEscape(character: string): string {
  const letter = goLetters[character];
  if (letter !== undefined) return letter;
  const code = character.codePointAt(0) ?? 0;
  // Only ASCII is a byte of its own in UTF-8; what follows is printed as a code point.
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code < 0x1_0000) return `\\u${code.toString(16).padStart(4, "0")}`;
  return `\\U${code.toString(16).padStart(8, "0")}`;
}

/** Words that any shell reads as themselves; a `=` at the start is not among them, zsh looks for a command then. */
const plainWord = /^[\w@%+:,./-][\w@%+:,./=-]*$/;

/** C0 and C1 controls, and the marks that reorder or hide text where it is pasted. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** What `$'…'` escapes: the unseen, and what its own syntax or an interactive shell's history reads. */
const ansiEscaped = /['\\!\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A text as one word of a command line that is copied into bash, zsh or ksh.
 *
 * A plain word stays; others stand in `'…'`, which any POSIX shell reads; a text with control characters or invisible
 * marks becomes `$'…'`, so that nothing acts on the terminal it is pasted into. A NUL cannot be in a word: what the
 * shell reads ends there.
 */
export function shellQuote(text: string): string {
  const whole = text.toWellFormed();
  if (plainWord.test(whole)) return whole;
  if (!unseen.test(whole)) return `'${whole.replaceAll("'", "'\\''")}'`;
  return `$'${whole.replace(ansiEscaped, octalBytes)}'`;
}

/** Bytes and not `\u`: a shell in the C locale reads a code point as something else. */
function octalBytes(character: string): string {
  return Array.from(new TextEncoder().encode(character), (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}
