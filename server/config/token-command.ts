import { parseArgs } from "node:util";
import { ContentError } from "../../content/errors.ts";
import { parseDuration } from "../../content/query/durations.ts";
import type { TokenDraft } from "../access/token.ts";
import { parseRole, scopeFromNames } from "../access/token.ts";
import { UsageError } from "./usage-error.ts";

/** Where the data is, and the config. */
export interface TokenFlags {
  /** The data directory. */
  readonly data?: string;
  /** The config file. */
  readonly config?: string;
}

/** What to do with tokens. */
export type TokenCommand =
  | { readonly kind: "help" }
  | (TokenFlags &
      (
        | { readonly kind: "list" }
        | { readonly kind: "create"; readonly draft: Omit<TokenDraft, "createdBy"> }
        | { readonly kind: "revoke"; readonly named: string }
      ));

/** What `token --help` prints. */
export const tokenUsage = `usage: stowage token create NAME --role ROLE [flags]; npm start -- token … from the sources
       stowage token list
       stowage token revoke ID|NAME

  --role ROLE         reader, auditor (reads the audit too), operator (changes content) or admin (makes tokens)
  --namespace NAME    a namespace that its bearer may see; again for more; without it all
  --store NAME        a store, in the same way
  --expires DURATION  such as 30d or 12h; without it, it lasts until it is revoked
  --data DIR          where everything is kept (STOWAGE_DATA; data)
  --config FILE       a config file (STOWAGE_CONFIG; config.toml in the data directory, where there is one)
  --help              print this

A server may run meanwhile: it knows of each change within two seconds. The text of a token is printed once, and kept nowhere.`;

const flags = {
  role: { type: "string" },
  namespace: { type: "string", multiple: true },
  store: { type: "string", multiple: true },
  expires: { type: "string" },
  data: { type: "string" },
  config: { type: "string" },
  help: { type: "boolean" },
} as const;

type Values = ReturnType<typeof parseFlags>["values"];

/**
 * Read the arguments behind `token`.
 *
 * @param now what a duration is counted from
 * @throws UsageError
 */
export function parseTokenCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  now = new Date(),
): TokenCommand {
  const { values, positionals } = parseFlags(argv);
  if (values.help) return { kind: "help" };
  const [act, named, ...others] = positionals;
  const wanted = act === "list" ? 1 : 2;
  if (others.length > 0 || positionals.length > wanted) throw wrong(`${positionals[wanted]} is one word too many`);
  const data = values.data ?? (env["STOWAGE_DATA"] || undefined);
  const config = values.config ?? (env["STOWAGE_CONFIG"] || undefined);
  const place = { ...(data !== undefined && { data }), ...(config !== undefined && { config }) };
  switch (act) {
    case "list":
      refuseFlags(values, act);
      return { kind: "list", ...place };
    case "create":
      return { kind: "create", draft: draftOf(required(named, "create needs a NAME"), values, now), ...place };
    case "revoke":
      refuseFlags(values, act);
      return { kind: "revoke", named: required(named, "revoke needs an ID or a NAME"), ...place };
    default:
      throw wrong(act === undefined ? "one of create, list and revoke is needed" : `there is no ${act}`);
  }
}

function draftOf(name: string, values: Values, now: Date): Omit<TokenDraft, "createdBy"> {
  const { namespace = ["*"], store = ["*"], expires } = values;
  try {
    return {
      name,
      role: parseRole(required(values.role, "create needs a --role")),
      namespaces: scopeFromNames(namespace, "--namespace"),
      stores: scopeFromNames(store, "--store"),
      ...(expires !== undefined && { expiresAt: new Date(now.getTime() + 1000 * parseDuration(expires)) }),
    };
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    throw wrong(error.message);
  }
}

function parseFlags(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: flags, allowPositionals: true });
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split(/\.\s|\n/, 1);
    throw wrong(reason);
  }
}

/** What is said of a token is said when it is made. */
function refuseFlags({ role, namespace, store, expires }: Values, act: string): void {
  if ((role ?? namespace ?? store ?? expires) !== undefined) {
    throw wrong(`${act} takes no --role, --namespace, --store and --expires`);
  }
}

function required(value: string | undefined, text: string): string {
  if (value === undefined || value === "") throw wrong(text);
  return value;
}

function wrong(text: string): UsageError {
  return new UsageError(`token: ${text}; token --help lists what there is`);
}
