import type { Interceptor, Transport } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ConnectTransportOptions } from "@connectrpc/connect-web";
import { createConnectTransport } from "@connectrpc/connect-web";
import { ContentError } from "../errors.ts";

export type TransportOptions = Pick<ConnectTransportOptions, "defaultTimeoutMs" | "fetch" | "interceptors">;

/**
 * A way to a Stowage by its URL that needs nothing but fetch, for browsers and Node: Connect, in the binary format, without GET.
 * Two-way streams do not go this way: a Store over it needs the writer `unary`.
 *
 * @param baseUrl such as `http://127.0.0.1:3000`; of a page from another origin, one that the server allows; a path is one of
 * the page's own origin
 * @throws ContentError `invalid-argument` for an address without `http://` or `https://`
 */
export function connectTransport(baseUrl: string, options: TransportOptions = {}): Transport {
  if (!/^(?:https?:\/\/|\/|$)/.test(baseUrl)) {
    throw new ContentError(
      "invalid-argument",
      `${JSON.stringify(baseUrl)} is no URL; it begins with http:// or https://`,
    );
  }
  const interceptors = [...(options.interceptors ?? []), refuseTwoWay];
  return createConnectTransport({ ...options, interceptors, baseUrl, useBinaryFormat: true, useHttpGet: false });
}

/** What fetch says of a stream that it cannot send names neither the store nor the option that helps. */
const refuseTwoWay: Interceptor = (next) => (request) => {
  if (request.method.methodKind === "bidi_streaming") {
    const advice = 'give createRemoteStore the option writer: "unary"';
    throw new ConnectError(`fetch has no two-way streams; ${advice}`, Code.Unimplemented);
  }
  return next(request);
};
