import type { Transport } from "@connectrpc/connect";
import type { ConnectTransportOptions } from "@connectrpc/connect-web";
import { createConnectTransport } from "@connectrpc/connect-web";

export type TransportOptions = Pick<ConnectTransportOptions, "defaultTimeoutMs" | "fetch" | "interceptors">;

/**
 * A way to a Stowage by its URL that needs nothing but fetch, for browsers and Node: Connect, in the binary format, without GET.
 * Two-way streams do not go this way: a Store over it needs the writer `unary`.
 *
 * @param baseUrl such as `http://127.0.0.1:3000`; of a page from another origin, one that the server allows
 */
export function connectTransport(baseUrl: string, options: TransportOptions = {}): Transport {
  return createConnectTransport({ ...options, baseUrl, useBinaryFormat: true, useHttpGet: false });
}
