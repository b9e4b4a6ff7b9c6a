import { Http2SessionManager } from "@connectrpc/connect-node";

type Arguments = ConstructorParameters<typeof Http2SessionManager>;

const ignore = (): void => undefined;

/**
 * Bytes under way to us in one call, and in all calls of a connection. Node's own 64 KiB for all of them are 6 MB a second from a server
 * that is 10 ms away. What a slow reader leaves waits here, so that one call gets less than all.
 */
const window = { call: 256 * 1024, connection: 4 * 1024 * 1024 } as const;

/**
 * Connections to a gRPC server elsewhere. Connect's own manager hears no more of a connection once it makes another one, and Node
 * tells of an error of HTTP/2 only after the calls that it ended: what nobody hears would end the process.
 */
export class Http2Sessions extends Http2SessionManager {
  constructor(url: Arguments[0], pings: Arguments[1], options: Arguments[2]) {
    super(url, pings, { ...options, settings: { initialWindowSize: window.call, enablePush: false } });
  }

  override async request(
    ...call: Parameters<Http2SessionManager["request"]>
  ): ReturnType<Http2SessionManager["request"]> {
    const stream = await super.request(...call);
    // Each call hears of its errors by its stream.
    const { session } = stream;
    if (session !== undefined && !session.listeners("error").includes(ignore)) {
      session.on("error", ignore);
      if (!session.destroyed) session.setLocalWindowSize(window.connection);
    }
    return stream;
  }
}
