import { join } from "node:path";
import type { Flags } from "../config.ts";
import type { TcpAddress } from "../listen/bind.ts";
import type { Exposure } from "../listen/site.ts";
import { mayBind } from "../policy/may-bind.ts";
import type { ServerOptions } from "../server.ts";
import { parseAddress } from "./address.ts";
import type { ConfigDocument } from "./document.ts";
import type { FileConfig } from "./schema.ts";
import { UsageError } from "./usage-error.ts";

interface Sources {
  readonly flags: Flags;
  readonly file: FileConfig;
  readonly document: ConfigDocument;
  /** The data directory. */
  readonly root: string;
  readonly exposure: Exposure;
  /** A path of the file. */
  pathOf(path: string): string;
}

type Listen = NonNullable<FileConfig["listen"]>[number];

const defaultAddress: TcpAddress = { host: "127.0.0.1", port: 3000 };

/**
 * Where to listen. `--listen` takes the place of every address of the file, `--socket` of every socket, those of
 * backends not counted. Without an entry for people in the file, and without flags, it is where a server without a file
 * listens.
 *
 * @throws UsageError for what is no address, or one that others can reach
 */
export function chooseAddresses(sources: Sources): Pick<ServerOptions, "listen" | "sockets" | "backends"> {
  const { flags, file, root, pathOf, exposure } = sources;
  refuseShared(sources);
  for (const address of flags.listen ?? []) {
    const fault = bindFault(address, exposure);
    if (fault !== undefined) throw new UsageError(fault);
  }
  const entries = (file.listen ?? []).map((entry, index) => ({ ...entry, tcp: addressOf(sources, entry, index) }));
  const plain = entries.filter(({ namespace }) => namespace === undefined);
  const said = plain.length > 0;
  const addresses = plain.flatMap(({ tcp }) => tcp ?? []);
  const sockets = plain.flatMap(({ socket }) => (socket === undefined ? [] : [pathOf(socket)]));
  return {
    listen: flags.listen ?? (said ? addresses : [defaultAddress]),
    sockets: flags.socket !== undefined ? [flags.socket] : said ? sockets : [join(root, "stowage.sock")],
    backends: entries.flatMap(({ namespace, socket, tcp }) => {
      if (namespace === undefined) return [];
      return [{ namespace, ...(tcp && { address: tcp }), ...(socket !== undefined && { socket: pathOf(socket) }) }];
    }),
  };
}

/** Two containerds in one namespace would delete each other's blobs. */
function refuseShared({ file, document }: Sources): void {
  const seen = new Set<string>();
  for (const [index, { namespace }] of (file.listen ?? []).entries()) {
    if (namespace === undefined) continue;
    if (seen.has(namespace)) {
      throw document.fault(["listen", index, "namespace"], "another address has it; each containerd needs its own");
    }
    seen.add(namespace);
  }
}

function addressOf(sources: Sources, entry: Listen, index: number): TcpAddress | undefined {
  const { document, exposure, pathOf } = sources;
  const { address, tls, insecure, namespace } = entry;
  if (address === undefined) return undefined;
  const at = ["listen", index, "address"];
  const tcp: TcpAddress = {
    ...parsed(address, (text) => document.fault(at, text)),
    ...(tls && { tls: { cert: pathOf(tls.cert), key: pathOf(tls.key) } }),
    ...(insecure !== undefined && { insecure }),
  };
  if (namespace !== undefined && exposure.hasAuth === true) {
    throw document.fault(
      at,
      "a containerd has no token to show; give it a socket, whose file mode says who reaches it",
    );
  }
  // A containerd signs in nowhere.
  const fault = bindFault(tcp, namespace === undefined ? exposure : {});
  if (fault !== undefined) throw document.fault(at, fault);
  return tcp;
}

function parsed(address: string, faultOf: (text: string) => UsageError): TcpAddress {
  try {
    return parseAddress(address);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw faultOf(error.message);
  }
}

function bindFault({ host, port, tls, insecure = false }: TcpAddress, exposure: Exposure): string | undefined {
  const { hasAuth = false, publicUrl } = exposure;
  return mayBind({ address: host, port, hasAuth, tls: tls !== undefined, publicUrl, insecure }).refusal;
}
