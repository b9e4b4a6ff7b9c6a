/** Controls but tab and line feed, and the marks that hide or reorder text. */
const unseen = /[\p{Cf}\p{Zl}\p{Zp}]|(?![\t\n])\p{Cc}/gu;

/** A text with every control character as a sign that can be seen: `␛` for an escape, `⟨202E⟩` for a mark. */
export function visibleText(text: string): string {
  return text.replace(unseen, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    if (code === 0x7f) return "␡";
    return `⟨${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

/** Longest piece of one UTF-8 character that a cut can leave. */
const longestCut = 3;

/**
 * Bytes as text; absent when they are not UTF-8, or are mostly control characters.
 *
 * @param cut true when more bytes follow, so that the last character may be incomplete
 */
export function decodeText(bytes: Uint8Array, cut: boolean): string | undefined {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  for (let left = 0; left <= (cut ? longestCut : 0); left += 1) {
    try {
      const text = decoder.decode(bytes.subarray(0, bytes.length - left));
      return looksBinary(text) ? undefined : text;
    } catch {
      // Not UTF-8 so far; what is cut off may be why.
    }
  }
  return undefined;
}

function looksBinary(text: string): boolean {
  if (text.includes("\0")) return true;
  const controls = text.match(/[\u0001-\u0008\u000e-\u001a\u001c-\u001f]/g)?.length ?? 0;
  return controls > text.length / 10;
}

/** Bytes that a line of a hex view shows. */
export const hexLineBytes = 16;

/** One line of a hex view. */
export interface HexLine {
  /** Offset of its first byte, 8 hex digits. */
  readonly offset: string;
  readonly hex: string;
  /** The bytes as ASCII, a dot for what cannot be shown. */
  readonly text: string;
}

/** The line of a hex view that begins at a byte. */
export function hexLine(bytes: Uint8Array, offset: number): HexLine {
  const part = Array.from(bytes.subarray(offset, offset + hexLineBytes));
  const pairs = part.map((byte) => byte.toString(16).padStart(2, "0"));
  const half = hexLineBytes / 2;
  return {
    offset: offset.toString(16).padStart(8, "0"),
    hex: `${pairs.slice(0, half).join(" ")}  ${pairs.slice(half).join(" ")}`.padEnd(hexLineBytes * 3),
    text: part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join(""),
  };
}
