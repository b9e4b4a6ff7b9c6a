import type { ServerResponse } from "node:http";
import type { Response } from "./request.ts";
import { finish } from "./request.ts";

/**
 * Send so many bytes as a body. The status line leaves with the first of them, and the last byte once all of them were
 * read without an error: a body that is whole is right. A chunk is asked for when the one before it has left.
 *
 * @param start sends status and headers
 * @throws what the chunks throw; the response is still open then
 */
export async function sendBytes(
  response: Response,
  chunks: AsyncIterable<Uint8Array>,
  length: number,
  start: () => void,
): Promise<void> {
  let left = length;
  let last: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    if (!response.headersSent) start();
    left -= chunk.length;
    if (left > 0) {
      await write(response, chunk);
    } else {
      last = Uint8Array.from(chunk.subarray(-1));
      await write(response, chunk.subarray(0, -1));
    }
  }
  if (left !== 0) throw new Error(`a reader gave ${length - left} of ${length} bytes`);
  if (length === 0) start();
  finish(response, last);
}

/**
 * Send chunks as a body whose length is not known. The status line leaves with the first of them.
 *
 * @param start sends status and headers @throws what the chunks throw; the response is still open then
 */
export async function sendChunks(
  response: Response,
  chunks: AsyncIterable<Uint8Array>,
  start: () => void,
): Promise<void> {
  for await (const chunk of chunks) {
    if (!response.headersSent) start();
    await write(response, chunk);
  }
  if (!response.headersSent) start();
  finish(response);
}

/** Settled once the bytes were handed to the system, so that their buffer is free again. */
function write(response: Response, bytes: Uint8Array): Promise<void> {
  if (bytes.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null): void => {
      response.off("close", cut);
      if (error) reject(error);
      else resolve();
    };
    const cut = (): void => done(new Error("the client is gone"));
    if (response.destroyed) return cut();
    response.once("close", cut);
    (response as ServerResponse).write(bytes, done);
  });
}
