import type { Store, Writer } from "../../content/store.ts";

/** How long a part may take, in milliseconds: what is sent is seen to move. */
const wantedMs = 1_000;

/** First, least and most bytes of a part. */
const [firstBytes, leastBytes, mostBytes] = [1024 * 1024, 256 * 1024, 4 * 1024 * 1024];

/**
 * A store whose writers write in parts of about a second each, so that a slow line shows its progress and a fast one has large
 * messages.
 *
 * @param onPart told after each part how much of what is being written was, in bytes
 */
export function writtenInParts(store: Pick<Store, "writer">, onPart: (bytes: number) => void): Pick<Store, "writer"> {
  return {
    async writer(...asked) {
      return writeInParts(await store.writer(...asked), onPart);
    },
  };
}

function writeInParts(writer: Writer, onPart: (bytes: number) => void): Writer {
  let partBytes = firstBytes;
  return {
    ...writer,
    async write(data) {
      let written = 0;
      do {
        const part = data.subarray(written, written + partBytes);
        const begun = performance.now();
        await writer.write(part);
        const fitting = Math.floor((part.length * wantedMs) / Math.max(1, performance.now() - begun));
        partBytes = Math.max(leastBytes, Math.min(fitting, 2 * partBytes, mostBytes));
        written += part.length;
        onPart(written);
      } while (written < data.length);
    },
  };
}
