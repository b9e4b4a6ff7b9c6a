import type { ConnectRouter } from "@connectrpc/connect";

/** A service: methods for the router. One that keeps something of its own is disposed of once no listener calls it any more. */
export interface Service extends Partial<AsyncDisposable> {
  register(router: ConnectRouter): void;
  /** True: it is about the server, whichever store a call names; absent: it is about the store. */
  readonly ofServer?: true;
}
