import type { ServerHttp2Stream } from "node:http2";
import { constants } from "node:http2";
import type { Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { compressedFlag } from "@connectrpc/connect/protocol";
import { createBufferPool } from "../../buffer-pool.ts";
import { limits } from "../limits.ts";
import { lengthAt, prefixBytes } from "./frame.ts";

/** A message of 1 MiB of data, which is what containerd's clients send, with what stands around it; 16 of them are kept. */
const joined = createBufferPool(1024 * 1024 + 16 * 1024, 16);

/** A shorter message is joined in memory of its own. */
const smallBytes = 64 * 1024;

/** What stands before a message. */
interface Prefix {
  readonly flags: number;
  /** Bytes of the message. */
  readonly length: number;
}

/**
 * The messages of a request, in Connect's terms. Nothing is read while nobody asks for a message. A client that stops in the
 * middle of one, and sends nothing for 30 s while it is waited for, is cut off.
 */
export class RequestMessages {
  readonly #stream: ServerHttp2Stream;
  readonly #parse: (bytes: Uint8Array) => Message;
  /** True where the request is one message and its end, so that it is read in one go. */
  readonly #single: boolean;
  #chunks: Buffer[] = [];
  /** Bytes in the chunks. */
  #bytes = 0;
  /** What the last message was joined in; absent where that is nobody else's. */
  #joined: Buffer | undefined;
  #prefix: Prefix | undefined;
  #ended = false;
  #closed = false;
  #lost: ConnectError | undefined;
  #wake: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: ServerHttp2Stream, parse: (bytes: Uint8Array) => Message, single: boolean) {
    this.#stream = stream;
    this.#parse = parse;
    this.#single = single;
    stream.on("data", (chunk: Buffer) => this.#push(chunk));
    stream.on("end", () => {
      this.#ended = true;
      this.#wakeUp();
    });
  }

  /**
   * The next message; absent at the end. Its bytes are valid until the one after it is asked for.
   *
   * @throws ConnectError for what is no message; the reason of `lose`
   */
  async next(): Promise<Message | undefined> {
    this.#giveJoined();
    while (!this.#isWhole()) {
      if (this.#lost !== undefined) throw this.#lost;
      if (!this.#ended) await this.#more();
      else if (this.#bytes === 0) return undefined;
      else throw new ConnectError("protocol error: incomplete envelope", Code.InvalidArgument);
    }
    const { flags, length } = this.#prefix as Prefix;
    if (length > limits.messageBytes) {
      const text = `message size ${length} is larger than configured readMaxBytes ${limits.messageBytes}`;
      throw new ConnectError(text, Code.ResourceExhausted);
    }
    const bytes = this.#take(length);
    this.#prefix = undefined;
    if ((flags & compressedFlag) === compressedFlag) {
      throw new ConnectError("received compressed envelope, but do not know how to decompress", Code.Internal);
    }
    return this.#parse(bytes);
  }

  /** The one message of a request that has no more, once the request has ended. @param kind of method, for an error's text */
  async only(kind: string): Promise<Message> {
    const message = await this.next();
    if (message === undefined) {
      throw new ConnectError(`protocol error: missing input message for ${kind} method`, Code.Unimplemented);
    }
    if ((await this.next()) !== undefined) {
      throw new ConnectError(`protocol error: received extra input message for ${kind} method`, Code.Unimplemented);
    }
    return message;
  }

  /** The client is gone: whoever waits for a message is told why. */
  lose(reason: ConnectError): void {
    this.#lost = reason;
    this.#wakeUp();
  }

  /** No more messages are wanted; what still comes is dropped. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#giveJoined();
    this.#chunks = [];
    if (!this.#ended) this.#stream.resume();
  }

  #push(chunk: Buffer): void {
    if (this.#closed) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (!this.#isWhole()) return this.#watch();
    if (!this.#single) this.#stream.pause();
    this.#wakeUp();
  }

  /** True where all bytes of the next message are there, or where it is too long to wait for them. */
  #isWhole(): boolean {
    if (this.#prefix === undefined) {
      if (this.#bytes < prefixBytes) return false;
      const prefix = this.#take(prefixBytes);
      this.#prefix = { flags: prefix.readUInt8(), length: prefix.readUInt32BE(lengthAt) };
    }
    const { length } = this.#prefix;
    return this.#bytes >= length || length > limits.messageBytes;
  }

  /** Take so many bytes off the chunks, which have them; a copy only where they lie in several. */
  #take(length: number): Buffer {
    this.#bytes -= length;
    const taken = this.#takeFromFirst(length);
    if (taken.length === length) return taken;
    const whole = this.#makeRoom(length);
    let filled = taken.copy(whole);
    while (filled < length) filled += this.#takeFromFirst(length - filled).copy(whole, filled);
    return whole;
  }

  #makeRoom(length: number): Buffer {
    // A single message is still read after its end was asked for.
    if (this.#single || length < smallBytes || length > joined.bytes) return Buffer.allocUnsafe(length);
    this.#joined = joined.take();
    return this.#joined.subarray(0, length);
  }

  #giveJoined(): void {
    if (this.#joined !== undefined) joined.give(this.#joined);
    this.#joined = undefined;
  }

  #takeFromFirst(length: number): Buffer {
    const first = this.#chunks[0] ?? Buffer.alloc(0);
    if (first.length > length) this.#chunks[0] = first.subarray(length);
    else this.#chunks.shift();
    return first.subarray(0, length);
  }

  async #more(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    this.#watch();
    this.#stream.resume();
    await promise;
  }

  /** Begin to wait anew for the rest of a message, where one has begun and is waited for. */
  #watch(): void {
    if (this.#wake === undefined || (this.#prefix === undefined && this.#bytes === 0)) return;
    const cut = (): void => this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    if (this.#timer === undefined) this.#timer = setTimeout(cut, limits.halfSentMs);
    else this.#timer.refresh();
  }

  #wakeUp(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wake?.();
    this.#wake = undefined;
  }
}
