import type { ServerResponse } from "node:http";
import type { Request, Response } from "./request.ts";
import { answerText, begin, finish } from "./request.ts";

/** Path of a method: package and service, method. */
const methodPath = /^\/((?:\w+\.)+\w+)\/(\w+)$/;

/** True for the path of a method, served or not. */
export const isMethodPath = (path: string): boolean => methodPath.test(path);

/** gRPC's UNIMPLEMENTED. */
const unimplemented = "12";

/**
 * Answer a call of a method that is not served, in the words of a gRPC server in Go, which `ctr` shows.
 *
 * @param services full names of the services that are served
 * @returns false where the request is no call
 */
export function answerUnknownRpc(
  path: string,
  request: Request,
  response: Response,
  services: ReadonlySet<string>,
): boolean {
  const [, service, method] = methodPath.exec(path) ?? [];
  if (request.method !== "POST" || service === undefined) return false;
  const text = services.has(service) ? `unknown method ${method} for service ${service}` : `unknown service ${service}`;
  const contentType = request.headers["content-type"] ?? "";
  if (contentType.startsWith("application/grpc-web")) {
    begin(response, 200, { "content-type": contentType, "grpc-status": unimplemented, "grpc-message": text });
    finish(response);
  } else if (contentType.startsWith("application/grpc")) {
    // In headers they would only count on a stream that ends with those, and Node ends it later.
    begin(response, 200, { "content-type": contentType });
    (response as ServerResponse).addTrailers({ "grpc-status": unimplemented, "grpc-message": text });
    finish(response);
  } else if (contentType.startsWith("application/connect+")) {
    // A client of a stream reads no body of another status, and would take 501 for an error it does not know.
    begin(response, 200, { "content-type": contentType });
    finish(response, endOfStream({ error: { code: "unimplemented", message: text } }));
  } else {
    answerText(response, 501, JSON.stringify({ code: "unimplemented", message: text }), {
      "content-type": "application/json",
    });
  }
  return true;
}

/** Connect's flag of the message that ends a stream. */
const endFlag = 2;

/** The message that ends a stream of Connect: flag, length, JSON. */
function endOfStream(end: unknown): Uint8Array {
  const body = Buffer.from(JSON.stringify(end));
  const envelope = Buffer.alloc(5 + body.length);
  envelope.writeUInt8(endFlag);
  envelope.writeUInt32BE(body.length, 1);
  envelope.set(body, 5);
  return envelope;
}
