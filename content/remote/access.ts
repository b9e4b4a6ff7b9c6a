import { timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import type { AccessToken as WireToken } from "../../gen/stowage/v1/access_pb.js";
import { AccessService, Role as WireRole } from "../../gen/stowage/v1/access_pb.js";
import { answerOf, wanted } from "./call.ts";
import type { Role, Session } from "./session.ts";
import { roleFromWire, sessionFromWire } from "./session.ts";

/** What a token is to be. */
export interface AccessTokenDraft {
  /** Whose it is: what logs and the audit call its bearer. */
  readonly name: string;
  readonly role: Role;
  /** Names; `*` alone is every one. At least one. */
  readonly stores: readonly string[];
  /** As `stores`. */
  readonly namespaces: readonly string[];
  /** Absent: it lasts until it is revoked. */
  readonly expiresAt?: Date;
}

/** A token, without its text. */
export interface AccessToken extends AccessTokenDraft {
  /** Names it; no secret. */
  readonly id: string;
  readonly createdAt: Date;
  /** Name of the token that made it, or `command line`; empty where it was made without one. */
  readonly createdBy: string;
  /** To the minute; absent: never. */
  readonly lastUsedAt?: Date;
  /** Absent: it was not. */
  readonly revokedAt?: Date;
}

/**
 * Trade a token for a cookie of the browser (AccessService.SignIn).
 *
 * @throws `unauthenticated` for a token that is no good, saying why; `resource-exhausted` after too many; `failed-precondition`
 * where no sign-in is configured
 */
export async function signIn(transport: Transport, token: string, signal?: AbortSignal): Promise<Session> {
  const client = createClient(AccessService, transport);
  const { session } = await answerOf(client.signIn({ token }, { signal }), signal);
  return wanted(session, sessionFromWire);
}

/** End the session of the browser's cookie (AccessService.SignOut); without one nothing is done. */
export async function signOut(transport: Transport, signal?: AbortSignal): Promise<void> {
  await answerOf(createClient(AccessService, transport).signOut({}, { signal }), signal);
}

/** The tokens, the newest first (AccessService.ListTokens). @throws `permission-denied` for who is no admin of everything */
export async function listTokens(transport: Transport, signal?: AbortSignal): Promise<readonly AccessToken[]> {
  const { tokens } = await answerOf(createClient(AccessService, transport).listTokens({}, { signal }), signal);
  return tokens.map(tokenFromWire);
}

/**
 * Make a token (AccessService.CreateToken).
 *
 * @returns it, and its text, which is told this once
 * @throws `invalid-argument`; `already-exists` where a token of that name is valid; as listTokens
 */
export async function createToken(
  transport: Transport,
  draft: AccessTokenDraft,
  signal?: AbortSignal,
): Promise<{ readonly token: AccessToken; readonly text: string }> {
  const { name, role, stores, namespaces, expiresAt } = draft;
  const request = {
    name,
    role: wireRoles[role],
    stores: [...stores],
    namespaces: [...namespaces],
    ...(expiresAt && { expiresAt: timestampFromDate(expiresAt) }),
  };
  const { token, text } = await answerOf(
    createClient(AccessService, transport).createToken(request, { signal }),
    signal,
  );
  return { token: wanted(token, tokenFromWire), text };
}

/** End a token, and whoever came in by it (AccessService.RevokeToken). @throws `not-found`; as listTokens */
export async function revokeToken(transport: Transport, id: string, signal?: AbortSignal): Promise<AccessToken> {
  const { token } = await answerOf(createClient(AccessService, transport).revokeToken({ id }, { signal }), signal);
  return wanted(token, tokenFromWire);
}

const wireRoles: Readonly<Record<Role, WireRole>> = {
  reader: WireRole.READER,
  auditor: WireRole.AUDITOR,
  operator: WireRole.OPERATOR,
  admin: WireRole.ADMIN,
};

function tokenFromWire(token: WireToken): AccessToken {
  const { id, name, role, stores, namespaces, createdBy, createdAt, expiresAt, lastUsedAt, revokedAt } = token;
  return {
    id,
    name,
    stores,
    namespaces,
    createdBy,
    role: roleFromWire(role),
    createdAt: wanted(createdAt, timestampDate),
    ...(expiresAt && { expiresAt: timestampDate(expiresAt) }),
    ...(lastUsedAt && { lastUsedAt: timestampDate(lastUsedAt) }),
    ...(revokedAt && { revokedAt: timestampDate(revokedAt) }),
  };
}
