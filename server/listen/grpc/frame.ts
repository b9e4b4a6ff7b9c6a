import type { Message } from "@bufbuild/protobuf";
import { isMessage } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { ReadContentResponseSchema } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { createBufferPool } from "../../buffer-pool.ts";

/** Bytes of what stands before a message: flags, and its length as a big-endian number. */
export const prefixBytes = 5;
export const lengthAt = 1;

/** A message as it is sent. */
export interface Frame {
  /** All of it, or what comes before `data`. */
  readonly head: Uint8Array;
  /** The rest, whose buffer is somebody else's: it is to be left alone until these bytes have been sent. */
  readonly data?: Uint8Array;
  /** To be called once `head` was sent, and only then; absent: nobody waits for that. */
  readonly sent?: () => void;
}

/** Data of an answer that is copied rather than sent from its own buffer, in bytes: nobody has to wait until it was sent. */
const copiedBytes = 64 * 1024;

/** For those that are copied, with what stands before the data; 2 MiB are kept. */
const copies = createBufferPool(copiedBytes + 64, 32);

/** Shorter ones are copied into memory that node:buffer shares between many. */
const smallBytes = 4 * 1024;

/** A message that is encoded. */
export function frameOf(message: Uint8Array): Frame {
  const head = Buffer.allocUnsafe(prefixBytes + message.length);
  putPrefix(head, message.length);
  head.set(message, prefixBytes);
  return { head };
}

const { offset: offsetField, data: dataField } = ReadContentResponseSchema.field;

/** An answer of Read, whose data is not copied where it is much; absent where it is another message. */
export function frameOfRead(message: Message): Frame | undefined {
  if (!isMessage(message, ReadContentResponseSchema)) return undefined;
  const { offset, data } = message;
  const writer = new BinaryWriter();
  if (offset !== 0n) writer.tag(offsetField.number, WireType.Varint).int64(offset);
  if (data.length > 0) writer.tag(dataField.number, WireType.LengthDelimited).uint32(data.length);
  const fields = writer.finish();
  const dataAt = prefixBytes + fields.length;
  const place = data.length > smallBytes && data.length <= copiedBytes ? copies.take() : undefined;
  const copied = data.length <= copiedBytes ? data.length : 0;
  const head = place?.subarray(0, dataAt + copied) ?? Buffer.allocUnsafe(dataAt + copied);
  putPrefix(head, fields.length + data.length);
  head.set(fields, prefixBytes);
  if (copied < data.length) return { head, data };
  head.set(data, dataAt);
  return place === undefined ? { head } : { head, sent: () => copies.give(place) };
}

function putPrefix(head: Buffer, length: number): void {
  head[0] = 0;
  head.writeUInt32BE(length, lengthAt);
}
