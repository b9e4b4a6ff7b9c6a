/** What is no text of its own, and repeats nothing. */
const anchors = new Set(["^", "$", "."]);

/** A repetition with its counts, such as `{2,3}`. */
const counted = /^\{\d+(?:,\d*)?\}/;

/** A class of characters, such as `[^]a\]]` or `[[:alpha:]x]`. */
const bracketed = /^\[\^?\]?(?:\\[\s\S]|\[:\^?[a-z]+:\]|[^\]\\])*\]/;

/**
 * The longest text that every text matched by a pattern contains, so that a store can leave out the others without trying the
 * pattern. Empty where none is known: for alternatives and flags, and for escapes other than of punctuation.
 *
 * @param pattern one that compileRegexp takes
 */
export function requiredText(pattern: string): string {
  if (pattern.includes("|") || pattern.includes("(?")) return "";
  let longest = "";
  let run: string[] = [];
  let depth = 0;
  const end = (): void => {
    const text = run.join("");
    if (depth === 0 && text.length > longest.length) longest = text;
    run = [];
  };
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at);
    const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    const skipped = bracketed.exec(rest)?.[0] ?? counted.exec(rest)?.[0];
    at += skipped?.length ?? character.length;
    if (character === "\\") {
      const escaped = pattern.charAt(at);
      if (!/[!-/:-@[-`{-~]/.test(escaped)) return "";
      run.push(escaped);
      at += 1;
    } else if (character === "*" || character === "?" || skipped?.startsWith("{")) {
      run.pop();
      end();
    } else if (skipped !== undefined || character === "+" || anchors.has(character)) {
      end();
    } else if (character === "(") {
      end();
      depth += 1;
    } else if (character === ")") {
      run = [];
      depth -= 1;
    } else {
      run.push(character);
    }
  }
  end();
  return longest;
}

/**
 * The longest part of a text that is in a key or in a value where the text is in `key=value`: the sign between them is in
 * neither. None where nothing is left.
 */
export function piecesOf(text: string): readonly string[] {
  const longest = text.split("=").reduce((a, b) => (b.length > a.length ? b : a));
  return longest === "" ? [] : [longest];
}
