import { readFileSync } from "node:fs";
import type { LookupFunction, Socket } from "node:net";
import { connect, isIP } from "node:net";

/** How a node is reached. */
export interface NodeAddress {
  /** `http://HOST:PORT`, `https://HOST:PORT`, or `unix:PATH`. */
  readonly url: string;
  /** Address that is dialled for the host of the URL, which is what a certificate has to be for; absent: what its name resolves to. */
  readonly dial?: string;
  /** File of certificates that a node's is checked against; absent: those that Node.js trusts. */
  readonly ca?: string;
  /** File whose first line is the token of this server; absent: it has none. */
  readonly tokenFile?: string;
}

/** What every connection to a node is made with, for Node's own clients. */
export interface NodeConnection {
  /** Where requests go. */
  readonly baseUrl: string;
  readonly options: {
    readonly ca?: Buffer;
    readonly lookup?: LookupFunction;
    readonly createConnection?: () => Socket;
  };
}

const unixScheme = "unix:";

/** @throws where the certificates cannot be read */
export function connectionTo({ url, dial, ca }: NodeAddress): NodeConnection {
  if (url.startsWith(unixScheme)) {
    const path = url.slice(unixScheme.length);
    return { baseUrl: "http://localhost", options: { createConnection: () => connect(path) } };
  }
  const tls = ca === undefined ? {} : { ca: readFileSync(ca) };
  return { baseUrl: url, options: { ...tls, ...(dial !== undefined && { lookup: always(dial) }) } };
}

/** Resolves every name to one address. */
function always(address: string): LookupFunction {
  const family = isIP(address);
  return (_, { all }, done) => {
    if (all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
}
