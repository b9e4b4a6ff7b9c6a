import type { ClientHttp2Session, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { connect as connectHttp2, createServer } from "node:http2";
import { connect } from "node:net";
import { onTestFinished } from "vitest";

/** One call that went through. */
export interface RecordedCall {
  /** `/package.Service/Method`. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Messages of the client, as bytes. */
  requests(): readonly Uint8Array[];
  /** Messages of the server. */
  answers(): readonly Uint8Array[];
}

/**
 * Passes gRPC calls on to a server as they are, and keeps what was said; it ends with the test.
 *
 * @param socket path of the socket to listen on
 * @param target path of the server's socket
 * @returns the calls so far, in the order of their beginning
 */
export async function startRecorder(socket: string, target: string): Promise<readonly RecordedCall[]> {
  const upstream = connectHttp2("http://localhost", { createConnection: () => connect(target) });
  const calls: RecordedCall[] = [];
  const server = createServer();
  server.on("stream", (stream: ServerHttp2Stream, headers) => calls.push(pass(stream, headers, upstream)));
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(() => {
    server.close();
    upstream.destroy();
  });
  return calls;
}

function pass(down: ServerHttp2Stream, headers: IncomingHttpHeaders, upstream: ClientHttp2Session): RecordedCall {
  const requests: Buffer[] = [];
  const answers: Buffer[] = [];
  const up = upstream.request(headers);
  down.on("data", (data: Buffer) => requests.push(data));
  down.pipe(up);
  up.on("data", (data: Buffer) => answers.push(data));
  up.on("response", ({ ":status": status, ...rest }, flags) => {
    // An answer that is an error alone has its trailers in the place of headers.
    const only = (flags & endStream) !== 0;
    down.respond({ ":status": Number(status), ...rest }, { endStream: only, waitForTrailers: !only });
    if (!only) up.pipe(down);
  });
  let trailers: IncomingHttpHeaders = {};
  up.on("trailers", (received) => (trailers = received));
  down.on("wantTrailers", () => down.sendTrailers(trailers));
  // containerd's reader gives a call up once it has what it wants.
  down.on("error", () => up.destroy()).on("close", () => up.destroy());
  up.on("error", () => down.destroy());
  return {
    path: String(headers[":path"]),
    headers,
    requests: () => messagesOf(Buffer.concat(requests)),
    answers: () => messagesOf(Buffer.concat(answers)),
  };
}

/** HTTP/2's flag END_STREAM. */
const endStream = 1;

/** Bytes before each gRPC message: a flag, and its length. */
const prefixBytes = 5;

/** The whole messages of a gRPC body. */
function messagesOf(body: Buffer): readonly Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let at = 0; at + prefixBytes <= body.length; ) {
    const end = at + prefixBytes + body.readUInt32BE(at + 1);
    if (end > body.length) break;
    messages.push(body.subarray(at + prefixBytes, end));
    at = end;
  }
  return messages;
}
