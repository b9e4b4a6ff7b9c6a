import type { Interceptor, Transport } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { storeHere } from "./here.ts";
import { tellSignedOut } from "./signed-out.ts";

const transports = new Map<string, Transport>();

/**
 * The server that this script came from. Only in a browser, in a page or a worker.
 *
 * @param store whom calls are about; empty: the server's default one; absent: the one that the page shows now
 */
export function serverTransport(store = storeHere()): Transport {
  const known = transports.get(store);
  if (known !== undefined) return known;
  const transport = createConnectTransport({
    baseUrl: globalThis.location.origin,
    useBinaryFormat: true,
    useHttpGet: false,
    interceptors: [aboutStore(store)],
  });
  transports.set(store, transport);
  return transport;
}

/** A name that is none is written so that a header can hold it: the server knows no store of that name. */
function aboutStore(store: string): Interceptor {
  return (next) => async (request) => {
    if (store !== "") request.header.set("stowage-store", encodeURIComponent(store));
    try {
      return await next(request);
    } catch (error) {
      if (error instanceof ConnectError && error.code === Code.Unauthenticated) tellSignedOut();
      throw error;
    }
  };
}
