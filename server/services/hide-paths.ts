/** What stands for a path. */
const hidden = "(path)";

/** Ends a path in a text for people. */
const pathEnd = "[^\\s'\"`,;:()\\[\\]]*";

const absolute = new RegExp(`(?<![\\w.:/~-])/${pathEnd}`, "g");

/**
 * A text of the server for clients, who are to learn nothing of its disk: absolute paths, and those below the data
 * directory, are taken out.
 *
 * @param root the data directory, absolute or not; absent: the text is not about it
 */
export function hidePaths(text: string, root?: string): string {
  const below = root === undefined ? absolute : new RegExp(`(?<![\\w./-])${RegExp.escape(root)}/${pathEnd}`, "g");
  return text.replaceAll(below, hidden).replaceAll(absolute, hidden);
}
