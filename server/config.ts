import { parseArgs } from "node:util";
import { parseAddress } from "./config/address.ts";
import type { TokenCommand } from "./config/token-command.ts";
import { parseTokenCommand } from "./config/token-command.ts";
import { UsageError } from "./config/usage-error.ts";
import type { TcpAddress } from "./listen/bind.ts";

/** What flags and environment say; what is absent, they do not say. */
export interface Flags {
  /** The config file. */
  readonly config?: string;
  /** The data directory. */
  readonly data?: string;
  readonly listen?: readonly TcpAddress[];
  /** Path of the unix socket. */
  readonly socket?: string;
  /** What is there already and is to be opened; see openTarget. */
  readonly open?: readonly string[];
  /** What is opened so may be changed. */
  readonly allowChanges?: true;
  /** File with this server's token at other Stowages that are opened so. */
  readonly tokenFile?: string;
}

/** What to do. */
export type Command =
  | { readonly kind: "help" | "version" }
  | { readonly kind: "serve"; readonly flags: Flags }
  | { readonly kind: "token"; readonly command: TokenCommand };

/** What `--help` prints. */
export const usage = `usage: stowage [flags]; npm start -- [flags] from the sources
       stowage token create|list|revoke …; token --help describes it

  --listen HOST:PORT  where to serve; may be repeated; port 0 picks a free one (STOWAGE_LISTEN, comma separated;
                      127.0.0.1:3000)
  --socket PATH       the unix socket (STOWAGE_SOCKET; stowage.sock in the data directory)
  --open TARGET       show what is already there, read-only: the socket of a containerd, a buildkitd or another Stowage,
                      a folder with an OCI layout, or the URL of another Stowage; may be repeated
                      (STOWAGE_OPEN, comma separated)
  --allow-changes     let what --open opens be changed (STOWAGE_ALLOW_CHANGES=1)
  --token-file FILE   the token with which this server signs in to other Stowages (STOWAGE_TOKEN_FILE)
  --data DIR          where everything is kept (STOWAGE_DATA; data)
  --config FILE       a config file (STOWAGE_CONFIG; config.toml in the data directory, if there is one)
  --help, --version   print this, or the version (-h, -v)

A flag overrides its variable, and both override the config file, which docs/config.md describes.`;

const flags = {
  listen: { type: "string", multiple: true },
  socket: { type: "string" },
  open: { type: "string", multiple: true },
  "allow-changes": { type: "boolean" },
  "token-file": { type: "string" },
  data: { type: "string" },
  config: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

/**
 * Read flags and environment; a flag goes before its variable, and an empty variable is none.
 *
 * @param argv without the program
 * @throws UsageError
 */
export function parseCommand(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Command {
  if (argv[0] === "token") return { kind: "token", command: parseTokenCommand(argv.slice(1), env) };
  refuseTaken(env);
  const values = parseFlags(argv);
  if (values.help) return { kind: "help" };
  if (values.version) return { kind: "version" };
  const config = notEmpty("--config", values.config) ?? (env["STOWAGE_CONFIG"] || undefined);
  const data = notEmpty("--data", values.data) ?? (env["STOWAGE_DATA"] || undefined);
  const socket = notEmpty("--socket", values.socket) ?? (env["STOWAGE_SOCKET"] || undefined);
  const open = values.open ?? (env["STOWAGE_OPEN"] || undefined)?.split(",");
  for (const target of open ?? []) notEmpty("--open", target.trim());
  if (open === undefined) refuseForOpen(values);
  const allowChanges = values["allow-changes"] ?? yesOrNo("STOWAGE_ALLOW_CHANGES", env);
  const tokenFile = notEmpty("--token-file", values["token-file"]) ?? (env["STOWAGE_TOKEN_FILE"] || undefined);
  const listen = values.listen ?? (env["STOWAGE_LISTEN"] || undefined)?.split(",");
  return {
    kind: "serve",
    flags: {
      ...(config !== undefined && { config }),
      ...(data !== undefined && { data }),
      ...(socket !== undefined && { socket }),
      ...(open !== undefined && { open: open.map((target) => target.trim()) }),
      ...(allowChanges && { allowChanges }),
      ...(tokenFile !== undefined && { tokenFile }),
      ...(listen !== undefined && { listen: listen.map((text) => parseAddress(text.trim())) }),
    },
  };
}

/** npm keeps what stands before `--`, and hands it on by its variables alone: the server would start without it. */
function refuseTaken(env: Readonly<Record<string, string | undefined>>): void {
  if (env["npm_lifecycle_event"] !== "start") return;
  const taken = Object.keys(flags).find((flag) => env[`npm_config_${flag.replaceAll("-", "_")}`] !== undefined);
  if (taken === undefined) return;
  throw new UsageError(`npm took --${taken} for an option of its own; put -- before it: npm start -- --${taken} …`);
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

/** What is said of opened stores does nothing to those of the config, and would be taken for it. */
function refuseForOpen(values: ReturnType<typeof parseFlags>): void {
  for (const [flag, key] of [
    ["allow-changes", "allow_changes = true"],
    ["token-file", "token_file"],
  ] as const) {
    if (values[flag] === undefined) continue;
    throw new UsageError(`--${flag} is for what --open opens; a store of the config says ${key}`);
  }
}

function yesOrNo(name: string, env: Readonly<Record<string, string | undefined>>): boolean {
  const value = env[name] ?? "";
  if (!["1", "0", ""].includes(value)) throw new UsageError(`${name} is 1, 0 or empty`);
  return value === "1";
}

function notEmpty(flag: string, value: string | undefined): string | undefined {
  if (value === "") throw new UsageError(`${flag} needs a value; --help lists the flags`);
  return value;
}

/** The command of this process. @throws UsageError */
export function readCommand(): Command {
  return parseCommand(process.argv.slice(2), process.env);
}
