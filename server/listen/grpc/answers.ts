import type { ServerHttp2Stream } from "node:http2";
import { constants } from "node:http2";
import type { ConnectError } from "@connectrpc/connect";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import type { CallContext } from "./call-context.ts";
import type { Frame } from "./frame.ts";

/** Bytes that may wait to be sent before more are made. */
const waitingBytes = 128 * 1024;

/**
 * The answers of one call, in HTTP/2's terms: headers with the first of them, trailers after the last. A client that is gone is
 * no error here.
 */
export class Answers {
  readonly #stream: ServerHttp2Stream;
  readonly #context: CallContext;

  constructor(stream: ServerHttp2Stream, context: CallContext) {
    this.#stream = stream;
    this.#context = context;
  }

  /** True where nothing that is sent arrives any more. */
  get gone(): boolean {
    return this.#stream.destroyed || this.#stream.closed;
  }

  /** @returns settled once more may be sent, and once data was; absent where that is so at once */
  send({ head, data, sent }: Frame): Promise<void> | undefined {
    const stream = this.#stream;
    if (this.gone) return undefined;
    this.#begin();
    if (data === undefined) {
      return this.#write(head, sent) || stream.writableLength <= waitingBytes ? undefined : this.#drained();
    }
    return new Promise((resolve) => {
      stream.cork();
      stream.write(head);
      stream.write(data, () => resolve());
      stream.uncork();
    });
  }

  /** Tell how the call ended, and who still sends to stop (RFC 9113 8.1). @param error absent: well */
  end(error?: ConnectError): void {
    const stream = this.#stream;
    if (this.gone) return;
    this.#begin();
    if (error !== undefined) setTrailerStatus(this.#context.responseTrailer, error);
    stream.once("wantTrailers", () => {
      stream.sendTrailers(this.#context.trailers);
      if (!stream.readableEnded) setImmediate(() => stream.close(constants.NGHTTP2_NO_ERROR));
    });
    stream.end();
  }

  /** @param sent not called where the stream ends first: its bytes may still wait in front of those of other calls */
  #write(bytes: Uint8Array, sent: (() => void) | undefined): boolean {
    const stream = this.#stream;
    if (sent === undefined) return stream.write(bytes);
    return stream.write(bytes, () => {
      if (!stream.destroyed) sent();
    });
  }

  #begin(): void {
    if (!this.#stream.headersSent) this.#stream.respond(this.#context.head, { waitForTrailers: true });
  }

  #drained(): Promise<void> {
    const stream = this.#stream;
    const { promise, resolve } = Promise.withResolvers<void>();
    const done = (): void => {
      stream.off("drain", done).off("close", done);
      resolve();
    };
    stream.on("drain", done).on("close", done);
    return promise;
  }
}
