const encoder = new TextEncoder();

/** Length of a text in bytes of UTF-8; a lone surrogate counts as the U+FFFD that is sent in its place. */
export function utf8Length(text: string): number {
  return encoder.encode(text).length;
}
