import type { ServerResponse } from "node:http";
import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import type { Response } from "./request.ts";

/**
 * Send a call's answer, as fast as its client takes it. Status and headers leave with the first message, so that a service can
 * still set some.
 *
 * Connect's own adapter waits for a response to drain or to fail, and a client that gives up its call makes it do neither: the
 * service would be left in the middle of its answer for ever. Here it is told to end, whatever became of the client.
 *
 * @throws what the service throws; when the client is gone
 */
export async function sendAnswer(answer: UniversalServerResponse, response: Response): Promise<void> {
  const target = response as ServerResponse;
  const begin = () => target.writeHead(answer.status, plainHeaders(answer.header));
  if (answer.body === undefined) {
    begin();
  } else {
    for await (const chunk of answer.body) {
      if (!target.headersSent) begin();
      if (!target.write(chunk)) await drained(target);
      if (isGone(target)) throw new Error("the client is gone");
    }
    if (!target.headersSent) begin();
  }
  if (answer.trailer !== undefined) target.addTrailers(plainHeaders(answer.trailer));
  target.end();
}

/** Until the response takes more, or never will. */
function drained(response: ServerResponse): Promise<void> {
  if (isGone(response)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done).off("close", done).off("error", done);
      resolve();
    };
    response.on("drain", done).on("close", done).on("error", done);
  });
}

function isGone(response: Response): boolean {
  return response.destroyed || ("stream" in response && response.stream?.destroyed !== false);
}

/** Several values of a name stay apart where they must: cookies. */
function plainHeaders(headers = new Headers()): Record<string, string | string[]> {
  const cookies = headers.getSetCookie();
  return { ...Object.fromEntries(headers), ...(cookies.length > 0 && { "set-cookie": cookies }) };
}
