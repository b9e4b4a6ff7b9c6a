import type { Namespaces } from "../metadata/set.ts";

/** What people may do, each more than the one before: read; read the audit too; change content; change everything. */
export const roles = ["reader", "auditor", "operator", "admin"] as const;

export type Role = (typeof roles)[number];

/**
 * How it is known who calls.
 *
 * - `none`: nobody is asked, since no sign-in is configured.
 * - `nobody`: it is not known.
 * - `socket`: the file mode of a unix socket says who reaches it.
 * - `token`, `session`: by what the call shows.
 */
export type How = "none" | "nobody" | "socket" | "token" | "session";

/** What the one who calls may do, and where. */
export interface Access {
  readonly how: How;
  readonly role: Role;
  /** Names of stores, or every one. */
  readonly stores: readonly string[] | "*";
  /** Names of namespaces, or every one. */
  readonly namespaces: Namespaces;
  /** When it ends at the latest; absent: it lasts. */
  readonly expiresAt?: Date;
  /** Aborted once it is not so any more: revoked, expired, signed out, with the error that says so; absent: it lasts. */
  readonly ended?: AbortSignal;
}

/** May do everything: where no sign-in is configured. */
export const fullAccess: Access = { how: "none", role: "admin", stores: "*", namespaces: "*" };

/** May do everything: the file mode of a unix socket says who reaches it. */
export const socketAccess: Access = { ...fullAccess, how: "socket" };

/** May do nothing but what is open to everybody. */
export const noAccess: Access = { how: "nobody", role: "reader", stores: [], namespaces: [] };

/** Who calls. */
export interface Identity {
  /** What logs and the audit call them; empty: they have no name. */
  readonly name: string;
  readonly access: Access;
}

/** True where a scope has a name. */
export function covers(scope: readonly string[] | "*", name: string): boolean {
  return scope === "*" || scope.includes(name);
}
