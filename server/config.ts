import { join } from "node:path";
import { parseArgs } from "node:util";
import type { TcpAddress } from "./listen/bind.ts";
import { isLoopbackHost } from "./policy/origin.ts";

/** A flag or variable that cannot be used. The message is one line for people. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** What to do. */
export type Command =
  | { readonly kind: "help" | "version" }
  | { readonly kind: "serve"; readonly data: string; readonly listen: readonly TcpAddress[]; readonly socket: string };

/** What `--help` prints. */
export const usage = `usage: npm start -- [flags]

  --listen HOST:PORT  where to serve; again for more; port 0 picks one (STOWAGE_LISTEN, comma separated; 127.0.0.1:3000)
  --socket PATH       the unix socket (STOWAGE_SOCKET; stowage.sock in the data directory)
  --data DIR          where everything is kept (STOWAGE_DATA; data)
  --help, --version   print this, or the version`;

const flags = {
  listen: { type: "string", multiple: true },
  socket: { type: "string" },
  data: { type: "string" },
  help: { type: "boolean" },
  version: { type: "boolean" },
} as const;

/**
 * Read flags and environment; a flag goes before its variable, and an empty variable is none.
 *
 * @param argv without the program
 * @throws UsageError
 */
export function parseCommand(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Command {
  const values = parseFlags(argv);
  if (values.help) return { kind: "help" };
  if (values.version) return { kind: "version" };
  const data = notEmpty("--data", values.data) ?? (env["STOWAGE_DATA"] || "data");
  const socket = notEmpty("--socket", values.socket) ?? (env["STOWAGE_SOCKET"] || join(data, "stowage.sock"));
  const listen = values.listen ?? (env["STOWAGE_LISTEN"] || "127.0.0.1:3000").split(",");
  return { kind: "serve", data, socket, listen: listen.map((text) => parseAddress(text.trim())) };
}

function parseFlags(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: flags, allowPositionals: false }).values;
  } catch (error) {
    // Node explains at length how to pass such a value as a positional; the first sentence says what is wrong.
    const [reason] = (error instanceof Error ? error.message : String(error)).split(/\.\s|\n/, 1);
    throw new UsageError(`${reason}; --help lists the flags`);
  }
}

function notEmpty(flag: string, value: string | undefined): string | undefined {
  if (value === "") throw new UsageError(`${flag} needs a value; --help lists the flags`);
  return value;
}

/** @throws UsageError for what is no address, or one that others can reach */
function parseAddress(text: string): TcpAddress {
  const match = /^(?:\[(?<v6>[^\]]+)\]|(?<name>[^:[\]]+)):(?<port>\d{1,5})$/.exec(text);
  const host = match?.groups?.["v6"] ?? match?.groups?.["name"];
  const port = Number(match?.groups?.["port"]);
  if (host === undefined || port > 65_535) {
    throw new UsageError(`${JSON.stringify(text)} is no HOST:PORT, such as 127.0.0.1:3000 or [::1]:3000`);
  }
  if (!isLoopbackHost(host)) {
    throw new UsageError(
      `${text} can be reached by others and there is no sign-in yet; listen on 127.0.0.1 and reach it through ssh -L 3000:127.0.0.1:3000`,
    );
  }
  return { host, port };
}

/** The command of this process. @throws UsageError */
export function readCommand(): Command {
  return parseCommand(process.argv.slice(2), process.env);
}
