import type { Http2Server, IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import { constants, createServer } from "node:http2";
import { limits } from "./limits.ts";
import type { RequestHandler } from "./request.ts";

/** Answers a stream before it becomes a request. @returns false where it is left to become one */
export type StreamHandler = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => boolean;

/** An HTTP/2 server that is given its connections. */
export interface Http2Endpoint {
  readonly server: Http2Server;
  /** Send GOAWAY everywhere: calls go on, new ones are refused, a connection ends with its last call. */
  drain(): void;
  /** End all connections now. */
  destroy(): void;
}

/** @param handler answers every request that `direct` leaves */
export function createHttp2Endpoint(handler: RequestHandler, direct: StreamHandler): Http2Endpoint {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer(
    {
      settings: {
        initialWindowSize: limits.streamWindowBytes,
        maxConcurrentStreams: limits.streamsPerConnection,
        maxHeaderListSize: limits.headerBytes,
        enablePush: false,
      },
      maxSessionMemory: 64,
      streamResetBurst: limits.resets,
      streamResetRate: limits.resetsPerSecond,
    },
    handler,
  );
  answerFirst(server, direct);
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    // What goes wrong with one connection ends that connection, and its calls see it.
    session.on("error", () => session.destroy());
    session.setLocalWindowSize(limits.connectionWindowBytes);
    limitResets(session);
    endWhenIdle(session);
  });
  server.on("sessionError", () => undefined);
  return {
    server,
    drain() {
      for (const session of sessions) session.close();
    },
    destroy() {
      for (const session of sessions) session.destroy();
    },
  };
}

/** Show streams to `direct` before node:http2 makes requests of them, which costs more than many a call. */
function answerFirst(server: Http2Server, direct: StreamHandler): void {
  const makeRequest = server.listeners("stream") as ((...args: unknown[]) => void)[];
  server.removeAllListeners("stream");
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number, raw: string[]) => {
    if (direct(stream, headers)) return;
    for (const listener of makeRequest) listener.call(server, stream, headers, flags, raw);
  });
}

/**
 * End a connection that gives up its calls before any answer faster than a client would (CVE-2023-44487). Calls that are
 * given up after an answer are ordinary: containerd's reader does that once its buffer is full.
 */
function limitResets(session: ServerHttp2Session): void {
  let left: number = limits.unansweredResets;
  let at = performance.now();
  session.on("stream", (stream: ServerHttp2Stream) => {
    stream.once("close", () => {
      if (stream.headersSent || stream.rstCode === constants.NGHTTP2_NO_ERROR) return;
      const now = performance.now();
      left = Math.min(limits.unansweredResets, left + ((now - at) / 1000) * limits.unansweredResetsPerSecond) - 1;
      at = now;
      if (left < 0) session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
    });
  });
}

/** Ask a connection to end that had no call for a while; one with calls stays, however long they last. */
function endWhenIdle(session: ServerHttp2Session): void {
  let open = 0;
  session.on("stream", (stream: ServerHttp2Stream) => {
    open += 1;
    session.setTimeout(0);
    stream.once("close", () => {
      open -= 1;
      if (open === 0) session.setTimeout(limits.idleMs);
    });
  });
  session.setTimeout(limits.idleMs, () => session.close());
}
