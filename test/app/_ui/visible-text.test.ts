import { expect, test } from "vitest";
import { decodeText, hexLine, visibleText } from "../../../app/_ui/visible-text.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test("control characters are shown as signs, lines and tabs are kept", () => {
  expect(visibleText("a\u001b[31mb\u0000\u007f\r\n\tc")).toBe("a␛[31mb␀␡␍\n\tc");
});

test("marks that reorder or hide text are shown by their code point", () => {
  expect(visibleText("gpj.\u202eexe\u200b\u2028\u{e0001}")).toBe("gpj.⟨202E⟩exe⟨200B⟩⟨2028⟩⟨E0001⟩");
});

test("letters of any script stay as they are", () => {
  expect(visibleText("größe 大 🙂")).toBe("größe 大 🙂");
});

test("a character that a cut went through is left out", () => {
  const whole = bytesOf("ab🙂");
  for (const kept of [3, 4, 5]) expect(decodeText(whole.subarray(0, kept), true)).toBe("ab");
  expect(decodeText(whole, true)).toBe("ab🙂");
});

test("half a character at the real end is no text", () => {
  expect(decodeText(bytesOf("ab🙂").subarray(0, 4), false)).toBeUndefined();
});

test("bytes that are not UTF-8, or mostly control characters, are no text", () => {
  expect(decodeText(Uint8Array.of(0x1f, 0x8b, 0x08, 0xff), true)).toBeUndefined();
  expect(decodeText(bytesOf("a\0b"), false)).toBeUndefined();
  expect(decodeText(Uint8Array.of(1, 2, 3, 4, 65), false)).toBeUndefined();
});

test("coloured text is text", () => {
  expect(decodeText(bytesOf("\u001b[31mred\u001b[0m, and more words than escapes"), false)).toContain("red");
});

test("a line of hex tells offset, bytes and their letters", () => {
  const bytes = bytesOf("0123456789abcdef\u0001é");
  expect(hexLine(bytes, 0)).toEqual({
    offset: "00000000",
    hex: "30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66",
    text: "0123456789abcdef",
  });
  expect(hexLine(bytes, 16)).toEqual({ offset: "00000010", hex: "01 c3 a9".padEnd(48), text: "..." });
});
