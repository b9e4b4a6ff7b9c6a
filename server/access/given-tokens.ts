import { readFile } from "node:fs/promises";
import { StartError } from "../start-error.ts";
import type { AccessDatabase } from "./database.ts";
import type { TokenTable } from "./schema.ts";
import { accessQueries } from "./schema.ts";
import { hashSecret, isToken, makeTokenId } from "./secret.ts";
import type { TokenDraft } from "./token.ts";
import { rowOfDraft, theConfig } from "./token.ts";

/** A token that the config gives, whose text a file holds: for servers that are set up by programs. */
export interface GivenToken extends Pick<TokenDraft, "name" | "role" | "stores" | "namespaces"> {
  /** Its first line is the token. */
  readonly file: string;
}

/** A given token with the hash of its text. */
interface Read {
  readonly given: GivenToken;
  readonly hash: string;
}

/** What became of the tokens that the config gives. */
export interface Giving {
  /** True where anything changed. */
  readonly changed: boolean;
  /** Names of those that somebody revoked: they stay so until their files hold others. */
  readonly revoked: readonly string[];
}

/**
 * Make the tokens that the config gives, and revoke those that it does not give any more, or whose file holds another one. One that
 * somebody revoked is not given again before the config was without it.
 *
 * @throws StartError for a file that cannot be read, that holds no token, or whose token another one has
 */
export async function giveTokens(database: AccessDatabase, given: readonly GivenToken[]): Promise<Giving> {
  const wanted = await Promise.all(given.map(read));
  refuseDoubles(wanted);
  return database.transaction(() => {
    const all = accessQueries.selectFrom("token").selectAll().where("created_by", "=", theConfig);
    const revoked = database.all(all.where("revoked_at", "is not", null).where("revoked_by", "<>", theConfig));
    const before = database.all(all.where("revoked_at", "is", null));
    const over = before.filter((row) => !wanted.some((one) => isSame(row, one)));
    const [refused, good] = parted(wanted, ({ hash }) => revoked.some((row) => row.hash === hash));
    const missing = good.filter((one) => !before.some((row) => isSame(row, one)));
    for (const { hash } of revoked) if (!refused.some((one) => one.hash === hash)) leaveToConfig(database, hash);
    const hashes = [...over.map(({ hash }) => hash), ...missing.map(({ hash }) => hash)];
    // The text of one that is changed or comes back is the same, and no two rows have one hash.
    for (const hash of hashes)
      revokeOrForget(
        database,
        hash,
        missing.some((one) => one.hash === hash),
      );
    for (const one of missing) database.run(accessQueries.insertInto("token").values(rowOf(one)));
    return { changed: hashes.length > 0, revoked: refused.map((one) => one.given.name) };
  });
}

async function read(given: GivenToken): Promise<Read> {
  const text = await readFile(given.file, "utf8").catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`the token ${given.name} cannot be read: ${reason}`, { cause });
  });
  const [token = ""] = text.split("\n", 1);
  if (!isToken(token.trim())) {
    throw new StartError(`${given.file} holds no token: its first line is to be stw_ and 43 characters of base64url`);
  }
  return { given, hash: hashSecret(token.trim()) };
}

function refuseDoubles(wanted: readonly Read[]): void {
  const names = new Map<string, string>();
  for (const { given, hash } of wanted) {
    const other = names.get(hash);
    if (other !== undefined) throw new StartError(`the tokens ${other} and ${given.name} are one; make another one`);
    names.set(hash, given.name);
  }
}

function isSame(row: TokenTable, one: Read): boolean {
  const { name, role, stores, namespaces } = rowOf(one);
  return (
    row.hash === one.hash &&
    row.name === name &&
    row.role === role &&
    row.stores === stores &&
    row.namespaces === namespaces
  );
}

function rowOf({ given, hash }: Read): TokenTable {
  const { name, role, stores, namespaces } = given;
  return rowOfDraft({ name, role, stores, namespaces, createdBy: theConfig }, { id: makeTokenId(), hash }, Date.now());
}

function revokeOrForget(database: AccessDatabase, hash: string, isReplaced: boolean): void {
  if (isReplaced) database.run(accessQueries.deleteFrom("token").where("hash", "=", hash));
  else database.run(revoking.set({ revoked_at: Date.now(), revoked_by: theConfig }).where("hash", "=", hash));
}

/** What somebody revoked, and the config does not give any more, is as if the config had revoked it. */
function leaveToConfig(database: AccessDatabase, hash: string): void {
  database.run(revoking.set({ revoked_by: theConfig }).where("hash", "=", hash));
}

const revoking = accessQueries.updateTable("token");

/** Those for which something is so, and the others. */
function parted<T>(all: readonly T[], isSo: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [all.filter(isSo), all.filter((one) => !isSo(one))];
}
