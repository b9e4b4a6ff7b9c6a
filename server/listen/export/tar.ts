/** Bytes of a header, and what contents are filled up to. */
const block = 512;

/** A file's name in a header, in bytes; a longer one stands in a record before it. */
const maxName = 100;

/** The largest number that the octal digits of a header hold, in bytes: 8 GiB less one. */
const maxSize = 8 ** 11 - 1;

/** Two empty blocks end a tar. */
export const tarEnd: Uint8Array = new Uint8Array(2 * block);

/** Bytes after a file, up to the next block. @param size of the file, in bytes */
export function tarPadding(size: number): Uint8Array {
  return new Uint8Array((block - (size % block)) % block);
}

/**
 * What stands before a read-only file in a tar (POSIX pax: a ustar header, and before it a record with what does not fit into one, which
 * is a digest of 512 bits, and more than 8 GiB). Nothing in it depends on the time.
 *
 * @param name ASCII
 * @param size bytes
 */
export function tarHeader(name: string, size: number): Uint8Array {
  const records = [
    ...(name.length > maxName ? [record("path", name)] : []),
    ...(size > maxSize ? [record("size", String(size))] : []),
  ].join("");
  const own = ustar(name.slice(0, maxName), Math.min(size, maxSize), "0");
  if (records === "") return own;
  const text = Buffer.from(records, "latin1");
  return Buffer.concat([ustar("pax", text.length, "x"), text, tarPadding(text.length), own]);
}

/** `LENGTH KEY=VALUE\n`, whose length counts its own digits. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return `${length}${rest}`;
}

function ustar(name: string, size: number, type: "0" | "x"): Buffer {
  const header = Buffer.alloc(block);
  const put = (text: string, offset: number): void => void header.write(text, offset, "latin1");
  put(name, 0);
  put(octal(0o444, 7), 100);
  put(octal(0, 7), 108);
  put(octal(0, 7), 116);
  put(octal(size, 11), 124);
  put(octal(0, 11), 136);
  // The sum counts its own field as spaces.
  put(" ".repeat(8), 148);
  put(type, 156);
  put("ustar\u000000", 257);
  put(`${octal(sumOf(header), 6)}\0 `, 148);
  return header;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

function sumOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum + byte, 0);
}
