import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import type { Session as WireSession } from "../../gen/stowage/v1/access_pb.js";
import { AccessService, Session_How as WireHow, Role as WireRole } from "../../gen/stowage/v1/access_pb.js";
import { isKind } from "../errors.ts";
import { answerOf } from "./call.ts";

/** What people may do, each more than the one before: read; read the audit too; change content; change everything. */
export type Role = "reader" | "auditor" | "operator" | "admin";

/** Who calls, and what they may do. */
export interface Session {
  /** Name of the token; empty where they came without one. */
  readonly name: string;
  readonly role: Role;
  /** Names; `*` alone is every one. */
  readonly stores: readonly string[];
  readonly namespaces: readonly string[];
  /** When it ends at the latest; absent: it lasts. */
  readonly expiresAt?: Date;
  /** How they are known: no sign-in is configured, a unix socket, a bearer token, a cookie. */
  readonly how: "none" | "socket" | "token" | "session";
}

/** What a server says of who calls it. */
export interface SessionAnswer {
  /** Who comes over TCP has to say who they are. */
  readonly isSignInNeeded: boolean;
  /** Absent: they did not, or not rightly. */
  readonly session?: Session;
  /** Why what they showed is no good, in one line; empty where nothing was shown, or it is good. */
  readonly refusal: string;
  /** Tokens are not configured: the server printed a link as it started, that signs in once. Absent: they are, or nobody signs in. */
  readonly isOneTime?: true;
}

/**
 * Who calls, as the server sees it (AccessService.GetSession).
 *
 * @returns undefined where the server knows no sign-in: everybody may do everything
 */
export async function getSession(transport: Transport, signal?: AbortSignal): Promise<SessionAnswer | undefined> {
  const client = createClient(AccessService, transport);
  try {
    const { signIn, session, refusal, oneTime } = await answerOf(client.getSession({}, { signal }), signal);
    return {
      isSignInNeeded: signIn,
      refusal,
      ...(session && { session: sessionFromWire(session) }),
      ...(oneTime && { isOneTime: true }),
    };
  } catch (error) {
    if (isKind(error, "not-implemented")) return undefined;
    throw error;
  }
}

const roles: Readonly<Partial<Record<WireRole, Role>>> = {
  [WireRole.AUDITOR]: "auditor",
  [WireRole.OPERATOR]: "operator",
  [WireRole.ADMIN]: "admin",
};

const hows: Readonly<Partial<Record<WireHow, Session["how"]>>> = {
  [WireHow.NONE]: "none",
  [WireHow.SOCKET]: "socket",
  [WireHow.TOKEN]: "token",
};

/** A role of the wire; one that this library does not know is the least. */
export function roleFromWire(role: WireRole): Role {
  return roles[role] ?? "reader";
}

/** A session of the wire. */
export function sessionFromWire({ name, role, stores, namespaces, expiresAt, how }: WireSession): Session {
  return {
    name,
    stores,
    namespaces,
    role: roleFromWire(role),
    how: hows[how] ?? "session",
    ...(expiresAt && { expiresAt: timestampDate(expiresAt) }),
  };
}
