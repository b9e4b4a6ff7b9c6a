import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ContentError } from "../../content/errors.ts";
import type { TokenCommand } from "../config/token-command.ts";
import { UsageError } from "../config/usage-error.ts";
import { accessFile, openAccessDatabase } from "./database.ts";
import type { Token } from "./token.ts";
import { namesOfScope } from "./token.ts";
import type { Tokens } from "./tokens.ts";
import { createTokens } from "./tokens.ts";

/** What made a token, for those who list them. */
const commandLine = "command line";

/** Where the tokens of a command are. */
export interface TokenPlace {
  /** The data directory. */
  readonly root: string;
  /** True where the config of that server turns sign-in on. */
  readonly hasAuth: boolean;
  /** Where everybody finds that server; absent: where it answers. */
  readonly publicUrl?: string;
}

/**
 * Do what a command line asks of tokens, beside a server that runs or without one.
 *
 * @returns lines to print, and notes for people
 * @throws UsageError for what cannot be done; StartError where the tokens cannot be read; in one line
 */
export async function runTokenCommand(
  command: Exclude<TokenCommand, { readonly kind: "help" }>,
  { root, hasAuth, publicUrl }: TokenPlace,
): Promise<{ readonly lines: readonly string[]; readonly notes: readonly string[] }> {
  if (command.kind !== "create") await requireFile(root);
  using database = await openAccessDatabase(root);
  const tokens = createTokens(database);
  try {
    switch (command.kind) {
      case "list":
        return { lines: tableOf(tokens.list()), notes: [] };
      case "revoke":
        return { lines: [revoke(tokens, command.named)], notes: [] };
      case "create": {
        const { text } = tokens.create({ ...command.draft, createdBy: commandLine });
        return { lines: [text, testLine(text, publicUrl ?? (await urlOf(root)))], notes: hasAuth ? [] : [offNote] };
      }
    }
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    throw new UsageError(`token: ${textOf(error)}`);
  }
}

const offNote =
  "note: no server asks for tokens that has no [auth.tokens] in its config, unless it has opened a daemon";

async function requireFile(root: string): Promise<void> {
  const path = join(root, accessFile);
  await access(path).catch(() => {
    throw new UsageError(`token: there are none in ${root}; name the data directory with --data DIR`);
  });
}

function revoke(tokens: Tokens, named: string): string {
  const { name, id } = tokens.revoke(named);
  return `revoked ${name} (${id})`;
}

function textOf({ kind, message }: ContentError): string {
  if (kind === "not-found") return `there is no ${message}; token list shows them`;
  return kind === "already-exists" ? `there is ${message} already; revoke it first, or choose another name` : message;
}

/** Shows whether the token works. */
function testLine(text: string, url: string): string {
  const headers = `-H 'authorization: Bearer ${text}' -H 'content-type: application/json'`;
  return `test it: curl -sS ${headers} --data '{}' ${url}/stowage.v1.AccessService/GetSession`;
}

/** Where the server of the directory answers, or one would; of all addresses of a machine, the one that only it has. */
async function urlOf(root: string): Promise<string> {
  const running = await readFile(join(root, "server.txt"), "utf8").catch(() => "");
  const url = running.split(/\s+/).find((word) => /^https?:/.test(word)) ?? "http://127.0.0.1:3000";
  return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
}

const titles = ["ID", "NAME", "ROLE", "STORES", "NAMESPACES", "EXPIRES", "LAST USED", "REVOKED"] as const;

/** In columns, as wide as what is in them. */
function tableOf(tokens: readonly Token[]): readonly string[] {
  const rows = [titles, ...tokens.map(cellsOf)];
  const widths = titles.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function cellsOf({ id, name, role, stores, namespaces, expiresAt, lastUsedAt, revokedAt }: Token): readonly string[] {
  const scopes = [stores, namespaces].map((scope) => namesOfScope(scope).join(","));
  const times = [expiresAt, lastUsedAt, revokedAt].map((at) => at?.toISOString().replace(/\.\d+Z$/, "Z") ?? "-");
  return [id, name, role, ...scopes, ...times];
}
