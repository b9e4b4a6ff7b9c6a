import { limits } from "./limits.ts";

/** Bytes of what stands before a message of gRPC and of Connect's streams: flags, and the length as a big-endian number. */
const prefixBytes = 5;
const lengthAt = 1;

/** Knows whether the last message of a body is there to its end. */
interface MessageTracker {
  push(chunk: Uint8Array): void;
  /** True between the first and the last byte of a message. */
  readonly partial: boolean;
}

/**
 * The body as it comes. When a client stops in the middle of a message and sends nothing for 30 s, `cut` is called; between
 * two messages it may be silent as long as it likes.
 *
 * @param enveloped false for a body that is one message from end to end
 */
export async function* guardHalfSent(
  body: AsyncIterable<Uint8Array>,
  enveloped: boolean,
  cut: () => void,
): AsyncGenerator<Uint8Array> {
  const tracker = enveloped ? createTracker() : wholeBody;
  const arm = () => (tracker.partial ? setTimeout(cut, limits.halfSentMs) : undefined);
  let timer = arm();
  try {
    for await (const chunk of body) {
      clearTimeout(timer);
      tracker.push(chunk);
      yield chunk;
      timer = arm();
    }
  } finally {
    clearTimeout(timer);
  }
}

const wholeBody: MessageTracker = { push: () => undefined, partial: true };

function createTracker(): MessageTracker {
  const prefix = Buffer.alloc(prefixBytes);
  let prefixSeen = 0;
  let dataLeft = 0;
  return {
    push(chunk) {
      for (let at = 0; at < chunk.length; ) {
        if (prefixSeen < prefixBytes) {
          prefix[prefixSeen] = chunk[at] ?? 0;
          prefixSeen += 1;
          at += 1;
          if (prefixSeen === prefixBytes) dataLeft = prefix.readUInt32BE(lengthAt);
        } else {
          const taken = Math.min(dataLeft, chunk.length - at);
          dataLeft -= taken;
          at += taken;
        }
        if (prefixSeen === prefixBytes && dataLeft === 0) prefixSeen = 0;
      }
    },
    get partial() {
      return prefixSeen > 0;
    },
  };
}
