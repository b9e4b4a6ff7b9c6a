import type { Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";

let transport: Transport | undefined;

/** The server that this script came from. Only in a browser, in a page or a worker. */
export function serverTransport(): Transport {
  transport ??= createConnectTransport({
    baseUrl: globalThis.location.origin,
    useBinaryFormat: true,
    useHttpGet: false,
  });
  return transport;
}
