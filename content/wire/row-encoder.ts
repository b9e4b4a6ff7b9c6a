import type { Labels } from "../store.ts";

/** What a row holds, as a database has it. */
export interface EncodedRow {
  readonly namespace: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  /** Microseconds since 1970. */
  readonly createdMicros: number;
  /** Microseconds since 1970. */
  readonly updatedMicros: number;
  readonly labels: Labels;
}

/**
 * Writes rows as protobuf has them, without a message for each: the bytes of `InfoBatch` (field `items`), or with infos alone
 * those of containerd's `ListContentResponse` (field `info`). They are what the generated code writes for the same rows.
 */
export interface RowEncoder {
  /** Bytes since the last `take`. */
  readonly length: number;
  /** Add an item. */
  addItem(row: EncodedRow): void;
  /** Add an info, without its namespace. */
  addInfo(row: EncodedRow): void;
  /** What was added since the last time, in memory of its own. */
  take(): Uint8Array<ArrayBuffer>;
}

const microsPerSecond = 1_000_000;

/** Numbers of the fields, shifted, with the wire type of a message or text (2) or of a number (0). */
const tag = {
  items: (1 << 3) | 2,
  namespace: (1 << 3) | 2,
  info: (2 << 3) | 2,
  digest: (1 << 3) | 2,
  size: 2 << 3,
  createdAt: (3 << 3) | 2,
  updatedAt: (4 << 3) | 2,
  label: (5 << 3) | 2,
  key: (1 << 3) | 2,
  value: (2 << 3) | 2,
  seconds: 1 << 3,
  nanos: 2 << 3,
} as const;

/** Bytes that a length is first given room for: those of the most that come. */
const lengthBytes = 2;

/** Bytes of the longest number. */
const numberBytes = 10;

/** Texts up to here are written letter by letter, which is faster than asking the platform. */
const shortText = 100;

const utf8 = new TextEncoder();

/** An encoder that holds nothing. @param firstBytes room to begin with; it grows */
export function createRowEncoder(firstBytes = 64 * 1024): RowEncoder {
  let bytes = new Uint8Array(firstBytes);
  let at = 0;

  function reserve(more: number): void {
    if (at + more <= bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * bytes.length, at + more));
    grown.set(bytes.subarray(0, at));
    bytes = grown;
  }

  /** A number from 0 to 2^53-1, or one below 0 as 64 bits in two's complement. */
  function putNumber(value: number): void {
    if (value < 0) return putBig(BigInt.asUintN(64, BigInt(value)));
    let rest = value;
    while (rest > 0x7f) {
      bytes[at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    bytes[at++] = rest;
  }

  function putBig(value: bigint): void {
    let rest = value;
    while (rest > 0x7fn) {
      bytes[at++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    bytes[at++] = Number(rest);
  }

  /** Put what `write` writes behind its length. */
  function putNested(fieldTag: number, write: () => void): void {
    bytes[at++] = fieldTag;
    const start = at;
    at += lengthBytes;
    write();
    const length = at - start - lengthBytes;
    const needed = sizeOfNumber(length);
    reserve(numberBytes);
    if (needed !== lengthBytes) bytes.copyWithin(start + needed, start + lengthBytes, at);
    at = start;
    putNumber(length);
    at += length;
  }

  function putText(fieldTag: number, text: string): void {
    // Three bytes are the most that one of UTF-16 becomes.
    reserve(3 * text.length + 2 * numberBytes);
    bytes[at++] = fieldTag;
    if (text.length <= shortText && putShort(text)) return;
    const { written } = utf8.encodeInto(text, bytes.subarray(at + numberBytes));
    const from = at + numberBytes;
    putNumber(written);
    bytes.copyWithin(at, from, from + written);
    at += written;
  }

  /** @returns false where the text is not plain, and nothing is put */
  function putShort(text: string): boolean {
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      bytes[at + 1 + index] = code;
    }
    bytes[at] = text.length;
    at += 1 + text.length;
    return true;
  }

  function putTime(fieldTag: number, micros: number): void {
    const seconds = Math.floor(micros / microsPerSecond);
    const nanos = (micros - seconds * microsPerSecond) * 1000;
    bytes[at++] = fieldTag;
    const start = at++;
    if (seconds !== 0) {
      bytes[at++] = tag.seconds;
      putNumber(seconds);
    }
    if (nanos !== 0) {
      bytes[at++] = tag.nanos;
      putNumber(nanos);
    }
    bytes[start] = at - start - 1;
  }

  function putInfo({ digest, size, createdMicros, updatedMicros, labels }: EncodedRow): void {
    if (digest !== "") putText(tag.digest, digest);
    reserve(8 * numberBytes);
    if (size !== 0) {
      bytes[at++] = tag.size;
      putNumber(size);
    }
    putTime(tag.createdAt, createdMicros);
    putTime(tag.updatedAt, updatedMicros);
    for (const [key, value] of Object.entries(labels)) {
      reserve(numberBytes);
      putNested(tag.label, () => {
        putText(tag.key, key);
        putText(tag.value, value);
      });
    }
  }

  return {
    get length() {
      return at;
    },
    addItem(row) {
      reserve(2 * numberBytes);
      putNested(tag.items, () => {
        if (row.namespace !== "") putText(tag.namespace, row.namespace);
        reserve(numberBytes);
        putNested(tag.info, () => putInfo(row));
      });
    },
    addInfo(row) {
      reserve(numberBytes);
      putNested(tag.items, () => putInfo(row));
    },
    take() {
      const taken = bytes.slice(0, at);
      at = 0;
      return taken;
    },
  };
}

/** Bytes of a length on the wire. */
function sizeOfNumber(value: number): number {
  let bytes = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes += 1;
  return bytes;
}
