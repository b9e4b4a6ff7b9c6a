import { readFileSync } from "node:fs";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { Http2Sessions } from "../http2-sessions.ts";
import { limits } from "../listen/limits.ts";
import type { NodeAddress } from "./node-connection.ts";
import { connectionTo } from "./node-connection.ts";
import type { Patience } from "./patience.ts";
import { quietMs, withPatience } from "./patience.ts";
import { createPresence } from "./presence.ts";

/** Makes calls at a node, over gRPC, on one connection that is made when it is needed. */
export interface NodeTransport extends Disposable {
  readonly transport: Transport;
  /** As the transport waits for the node. */
  readonly patience: Patience;
  /** Headers that say who this server is; none where it has no token. @throws where the token cannot be read */
  credentials(): Readonly<Record<string, string>>;
}

/** A connection that says nothing for so long is asked whether it lives, and is given up after so long; in milliseconds. */
const pingIntervalMs = 10_000;
const pingTimeoutMs = 5_000;

/** Nothing is read or dialled before a call. */
export function createNodeTransport(address: NodeAddress): NodeTransport {
  const { tokenFile } = address;
  const { baseUrl, dial } = connectionTo(address);
  const sessions = new Http2Sessions(baseUrl, { pingIntervalMs, pingTimeoutMs }, { createConnection: dial });
  const credentials = (): Readonly<Record<string, string>> =>
    tokenFile === undefined ? {} : { authorization: `Bearer ${readToken(tokenFile)}` };
  const withCredentials: Interceptor = (next) => (request) => {
    for (const [name, value] of Object.entries(credentials())) request.header.set(name, value);
    return next(request);
  };
  const transport = createGrpcTransport({
    baseUrl,
    sessionManager: sessions,
    interceptors: [withCredentials],
    readMaxBytes: limits.messageBytes,
    writeMaxBytes: limits.messageBytes,
  });
  const patience: Patience = { quietMs, presence: createPresence(transport) };
  return {
    transport: withPatience(transport, patience),
    patience,
    credentials,
    [Symbol.dispose]: () => sessions.abort(),
  };
}

/** What a header can hold as a token. What it cannot, errors of headers would show. */
const tokenForm = /^[\x21-\x7e]+$/;

/**
 * The first line of a file, read for every call: it is small, and whoever changes it need not tell.
 *
 * @throws where the file cannot be read or holds no token, whose text is not in the error
 */
function readToken(file: string): string {
  const [line = ""] = readFileSync(file, "utf8").split("\n", 1);
  const token = line.trim();
  if (!tokenForm.test(token))
    throw new Error("its token file holds no token: the first line is to be one, and nothing else");
  return token;
}
