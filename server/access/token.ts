import { ContentError } from "../../content/errors.ts";
import { validateIdentifier } from "../../content/identifiers.ts";
import type { Access, Role } from "../policy/access.ts";
import { roles } from "../policy/access.ts";
import type { TokenTable } from "./schema.ts";

/** Names that a token's scope has, at most: what is asked of every readable namespace is asked of each. */
const maxNames = 100;

/** Stands for every store or namespace among names. */
const every = "*";

/** Makes the tokens that the config gives, and revokes them: no identity has a blank in it. */
export const theConfig = "the config";

/** What a token is to be. */
export interface TokenDraft extends Pick<Access, "role" | "stores" | "namespaces"> {
  /** Whose it is. */
  readonly name: string;
  /** Who makes it. */
  readonly createdBy: string;
  /** Absent: it lasts until it is revoked. */
  readonly expiresAt?: Date;
}

/** A token, without its text. */
export interface Token extends TokenDraft {
  /** Names it; no secret. */
  readonly id: string;
  readonly createdAt: Date;
  /** To the minute; absent: never. */
  readonly lastUsedAt?: Date;
  /** Absent: it was not. */
  readonly revokedAt?: Date;
}

/** @throws `invalid-argument` for a name that is none, a scope without names or with too many, and a time that is past */
export function validateDraft({ name, stores, namespaces, expiresAt }: TokenDraft, nowMs: number): void {
  validateIdentifier(name);
  validateScope(stores, "stores");
  validateScope(namespaces, "namespaces");
  if (expiresAt !== undefined && expiresAt.getTime() <= nowMs) {
    throw new ContentError("invalid-argument", "expires_at is past");
  }
}

function validateScope(names: Access["stores"], what: string): void {
  if (names === every) return;
  if (names.length === 0) throw new ContentError("invalid-argument", `${what}: name at least one, or * for every one`);
  if (names.length > maxNames) throw new ContentError("invalid-argument", `${what}: more than ${maxNames} names`);
  for (const name of names) validateIdentifier(name);
}

/** A scope as lists of names say it: `*` alone is every one. @throws `invalid-argument` for `*` beside names */
export function scopeFromNames(names: readonly string[], what: string): Access["stores"] {
  if (!names.includes(every)) return [...new Set(names)];
  if (names.length > 1) throw new ContentError("invalid-argument", `${what}: * stands alone`);
  return every;
}

/** The other way. */
export function namesOfScope(scope: Access["stores"]): string[] {
  return scope === every ? [every] : [...scope];
}

/** @throws `invalid-argument`, naming those that there are */
export function parseRole(text: string): Role {
  const role = roles.find((known) => known === text);
  if (role !== undefined) return role;
  throw new ContentError("invalid-argument", `${JSON.stringify(text)} is no role; there are ${roles.join(", ")}`);
}

/** The row of a new token. */
export function rowOfDraft(draft: TokenDraft, secret: Pick<TokenTable, "id" | "hash">, nowMs: number): TokenTable {
  const { name, role, stores, namespaces, createdBy, expiresAt } = draft;
  return {
    ...secret,
    name,
    role,
    stores: JSON.stringify(namesOfScope(stores)),
    namespaces: JSON.stringify(namesOfScope(namespaces)),
    created_at: nowMs,
    created_by: createdBy,
    expires_at: expiresAt?.getTime() ?? null,
    last_used_at: null,
    revoked_at: null,
    revoked_by: "",
    one_time: 0,
  };
}

/** The token of a row. */
export function tokenOfRow(row: TokenTable): Token {
  return {
    id: row.id,
    name: row.name,
    ...accessOfRow(row),
    createdBy: row.created_by,
    createdAt: new Date(row.created_at),
    ...(row.expires_at !== null && { expiresAt: new Date(row.expires_at) }),
    ...(row.last_used_at !== null && { lastUsedAt: new Date(row.last_used_at) }),
    ...(row.revoked_at !== null && { revokedAt: new Date(row.revoked_at) }),
  };
}

/** What its bearer may do, and where. */
export function accessOfRow({ role, stores, namespaces }: TokenTable): Pick<Access, "role" | "stores" | "namespaces"> {
  return { role: parseRole(role), stores: scopeOfColumn(stores), namespaces: scopeOfColumn(namespaces) };
}

function scopeOfColumn(column: string): Access["stores"] {
  return scopeFromNames(JSON.parse(column) as readonly string[], "scope");
}
