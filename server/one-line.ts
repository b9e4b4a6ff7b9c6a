/** The begin of a text that a stranger wrote, for people: in one line, without what a terminal would obey. */
export function oneLine(text: string, most: number): string {
  return text.slice(0, most).replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
}
