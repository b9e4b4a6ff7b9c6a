import { readFileSync } from "node:fs";
import type { LookupFunction, Socket } from "node:net";
import { connect, isIP } from "node:net";
import { connect as connectTls } from "node:tls";

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

/** Makes connections to a node. */
export interface NodeConnection {
  /** Where requests go. */
  readonly baseUrl: string;
  /** With what a connection is made now, for Node's own clients: certificates may be replaced. @throws where they cannot be read */
  options(): DialOptions;
  /** Begin a connection for HTTP/2, which ends where it is not there soon. @throws as options */
  dial(): Socket;
}

interface DialOptions {
  readonly ca?: Buffer;
  readonly lookup?: LookupFunction;
  readonly createConnection?: () => Socket;
}

const unixScheme = "unix:";

/** Until a connection is there, in milliseconds: the system would try one for two minutes, and once more only after most of a minute. */
const dialMs = 10_000;

/** Nothing is dialled or read yet. @param mayTakeMs until a connection is there; absent: what a server uses */
export function connectionTo({ url, dial, ca }: NodeAddress, mayTakeMs: number = dialMs): NodeConnection {
  if (url.startsWith(unixScheme)) {
    const path = url.slice(unixScheme.length);
    const createConnection = (): Socket => connect(path);
    return { baseUrl: "http://localhost", options: () => ({ createConnection }), dial: createConnection };
  }
  const lookup = dial === undefined ? {} : { lookup: always(dial) };
  const options = (): DialOptions => ({ ...lookup, ...(ca !== undefined && { ca: readFileSync(ca) }) });
  const begin = isSecure(url) ? dialTls : dialPlain;
  return { baseUrl: url, options, dial: () => begin(url, options(), mayTakeMs) };
}

/** True for a URL of https. */
export function isSecure(url: string): boolean {
  return url.startsWith("https:");
}

function dialPlain(url: string, options: DialOptions, mayTakeMs: number): Socket {
  return soon(connect({ ...hostOf(url, 80), ...options }), "connect", mayTakeMs);
}

function dialTls(url: string, options: DialOptions, mayTakeMs: number): Socket {
  const { host, port } = hostOf(url, 443);
  const name = isIP(host) === 0 ? { servername: host } : {};
  return soon(connectTls({ host, port, ...name, ALPNProtocols: ["h2"], ...options }), "secureConnect", mayTakeMs);
}

function hostOf(url: string, otherwise: number): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[(.*)\]$/, "$1"), port: port === "" ? otherwise : Number(port) };
}

/** A connection that ends unless it is there in time. @param there what it tells once it is */
function soon(socket: Socket, there: "connect" | "secureConnect", mayTakeMs: number): Socket {
  const late = setTimeout(() => socket.destroy(new Error("it took too long to connect")), mayTakeMs);
  const settled = (): void => clearTimeout(late);
  return socket.once(there, settled).once("close", settled);
}

/** Resolves every name to one address. */
function always(address: string): LookupFunction {
  const family = isIP(address);
  return (_, { all }, done) => {
    if (all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
}
