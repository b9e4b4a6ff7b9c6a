import type { Message } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { HandlerContext } from "@connectrpc/connect";

/**
 * True where the answers of a call are protobuf's bytes, and not JSON, which tells nothing of a field that is put in with
 * putEncoded.
 */
export function answersInBytes({ requestHeader }: HandlerContext): boolean {
  return !(requestHeader.get("content-type") ?? "").includes("json");
}

/**
 * Put a field into a message as the bytes that it is on the wire, for rows that were encoded elsewhere: what a message does not
 * know is written as it is. Only for calls whose answers are bytes.
 *
 * @param field number of a field that holds a message, and has no other value here
 */
export function putEncoded(message: Message, field: number, bytes: Uint8Array): void {
  const length = new BinaryWriter().uint32(bytes.length).finish();
  const data = new Uint8Array(length.length + bytes.length);
  data.set(length);
  data.set(bytes, length.length);
  message.$unknown = [{ no: field, wireType: WireType.LengthDelimited, data }];
}

/**
 * The same for all of a message.
 *
 * @param field number of its only field, which repeats and holds messages
 * @param bytes all of its values with their tags, one at least
 */
export function putEncodedBody(message: Message, field: number, bytes: Uint8Array): void {
  // The tag is written for the field; what follows it is that of one value, and then the others with theirs.
  message.$unknown = [{ no: field, wireType: WireType.LengthDelimited, data: bytes.subarray(1) }];
}
