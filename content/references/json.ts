/** Characters of a text that people may read. */
const maxText = 255;

/** Fields of a JSON object of which nothing is known; none for what is no object. */
export type Fields = Readonly<Record<string, unknown>>;

/** A JSON text of UTF-8; undefined for what is none, or is nested more deeply than this engine reads. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text that people may read: not empty, of 255 characters at most, none of which controls; absent: it is none. */
export function textOf(value: unknown): string | undefined {
  const isText = typeof value === "string" && value !== "" && value.length <= maxText && !/\p{Cc}/u.test(value);
  return isText ? value : undefined;
}

/** A count of bytes; absent for what is none. */
export function sizeOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
