import { Http2SessionManager } from "@connectrpc/connect-node";

const ignore = (): void => undefined;

/**
 * Connections to a gRPC server elsewhere. Connect's own manager hears no more of a connection once it makes another one, and Node
 * tells of an error of HTTP/2 only after the calls that it ended: what nobody hears would end the process.
 */
export class Http2Sessions extends Http2SessionManager {
  override async request(
    ...call: Parameters<Http2SessionManager["request"]>
  ): ReturnType<Http2SessionManager["request"]> {
    const stream = await super.request(...call);
    // Each call hears of its errors by its stream.
    const { session } = stream;
    if (session !== undefined && !session.listeners("error").includes(ignore)) session.on("error", ignore);
    return stream;
  }
}
