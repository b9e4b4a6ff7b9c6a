import type { MessageInitShape } from "@bufbuild/protobuf";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { z } from "zod";
import { ContentError } from "../../content/errors.ts";
import { timeFromWire, timeToWire } from "../../content/wire.ts";
import type { AccessTokenSchema, SessionSchema } from "../../gen/stowage/v1/access_pb.js";
import { AccessService, Session_How as WireHow, Role as WireRole } from "../../gen/stowage/v1/access_pb.js";
import type { TokenKeeper } from "../access/auth.ts";
import type { Token } from "../access/token.ts";
import { namesOfScope, scopeFromNames } from "../access/token.ts";
import { definePlugin } from "../plugins/plugin.ts";
import type { Service } from "../plugins/service.ts";
import type { Access, How, Identity, Role } from "../policy/access.ts";
import { roles } from "../policy/access.ts";
import type { Authenticator } from "../policy/authenticate.ts";
import { nothingShown, sharedAuthenticator } from "../policy/authenticate.ts";
import { callKey } from "../policy/call.ts";
import { credentialsOf } from "../policy/credentials.ts";
import { requireWhole } from "../policy/permissions.ts";

/** Bytes of one request, at most: everybody may call some of it, and what they send is read before it is known who they are. */
const maxRequestBytes = 64 * 1024;

/** What the service is made with. */
export interface AccessOptions {
  /** Absent: no sign-in is configured. */
  readonly auth?: Authenticator;
  /** Absent: no tokens are kept. */
  readonly keeper?: TokenKeeper;
  /** Where proxies show the server; absent: none do. */
  readonly publicUrl?: string;
}

/** `stowage.v1.AccessService`: who calls, and the tokens that they call with. */
export function createAccessService({ auth, keeper, publicUrl }: AccessOptions): Service {
  /** @throws `failed-precondition` where there are no tokens */
  function kept(): TokenKeeper {
    if (keeper !== undefined) return keeper;
    throw new ContentError(
      "failed-precondition",
      "no sign-in is configured here: [auth.tokens] in the config turns it on",
    );
  }

  /** The tokens, for one who may see all that they can reach. */
  function tokensFor({ values }: HandlerContext): TokenKeeper["tokens"] {
    requireWhole(values.get(callKey).access, "manage tokens");
    return kept().tokens;
  }

  const implementation: ServiceImpl<typeof AccessService> = {
    signIn({ token }, context) {
      const { signIn, cookie } = kept();
      if (auth === undefined) throw new Error("tokens are kept and nobody asks for them");
      const { caller, note } = context.values.get(callKey);
      const { secret, identity } = auth.attempt(caller.address, () => signIn(token.trim()));
      note?.({ who: identity.name });
      // One session of a browser takes the place of the one before.
      endSession(context, keeper);
      context.responseHeader.append("set-cookie", cookie.give(secret, isSecure(context, publicUrl)));
      return { session: sessionToWire(identity) };
    },

    signOut(_, context) {
      // Whoever shows nothing that was good changes nothing, and is not recorded.
      if (endSession(context, keeper)) context.values.get(callKey).note?.({ done: true });
      const gone = keeper?.cookie.take(isSecure(context, publicUrl));
      if (gone !== undefined) context.responseHeader.append("set-cookie", gone);
      return {};
    },

    getSession(_, { values }) {
      const { caller, access, refused } = values.get(callKey);
      return {
        signIn: auth !== undefined,
        oneTime: keeper?.fragment !== undefined,
        ...(access.how === "nobody" ? {} : { session: sessionToWire({ name: caller.identity, access }) }),
        refusal: refused === undefined || refused.message === nothingShown ? "" : refused.message,
      };
    },

    listTokens: (_, context) => ({ tokens: tokensFor(context).list().map(tokenToWire) }),

    createToken({ name, role, stores, namespaces, expiresAt }, context) {
      const expires = timeFromWire(expiresAt);
      const { token, text } = tokensFor(context).create({
        name,
        role: roleFromWire(role),
        stores: scopeFromNames(stores, "stores"),
        namespaces: scopeFromNames(namespaces, "namespaces"),
        createdBy: context.values.get(callKey).caller.identity,
        ...(expires && { expiresAt: expires }),
      });
      return { token: tokenToWire(token), text };
    },

    revokeToken({ id }, context) {
      const token = tokensFor(context).revoke(id);
      context.values.get(callKey).note?.({ name: token.name });
      return { token: tokenToWire(token) };
    },
  };
  return {
    ofServer: true,
    register: (router) => router.service(AccessService, implementation, { readMaxBytes: maxRequestBytes }),
  };
}

/** @returns true where there was one */
function endSession({ requestHeader }: HandlerContext, keeper: TokenKeeper | undefined): boolean {
  const secret = keeper?.cookie.read(credentialsOf(requestHeader).cookies);
  return secret !== undefined && keeper?.signOut(secret) === true;
}

/** True where the browser came over TLS: here, or at the proxy that shows the server. */
function isSecure({ url }: HandlerContext, publicUrl: string | undefined): boolean {
  const { protocol, host } = new URL(url);
  return protocol === "https:" || (publicUrl?.startsWith("https:") === true && new URL(publicUrl).host === host);
}

const wireRoles: Readonly<Record<Role, WireRole>> = {
  reader: WireRole.READER,
  auditor: WireRole.AUDITOR,
  operator: WireRole.OPERATOR,
  admin: WireRole.ADMIN,
};

const wireHows: Readonly<Record<How, WireHow>> = {
  none: WireHow.NONE,
  nobody: WireHow.UNSPECIFIED,
  socket: WireHow.SOCKET,
  token: WireHow.TOKEN,
  session: WireHow.SESSION,
};

/** @throws `invalid-argument` for one that is none */
function roleFromWire(wire: WireRole): Role {
  const role = roles.find((known) => wireRoles[known] === wire);
  if (role !== undefined) return role;
  throw new ContentError("invalid-argument", "role is missing, or none of reader, auditor, operator and admin");
}

function accessToWire({
  role,
  stores,
  namespaces,
  expiresAt,
}: Pick<Access, "role" | "stores" | "namespaces" | "expiresAt">) {
  return {
    role: wireRoles[role],
    stores: namesOfScope(stores),
    namespaces: namesOfScope(namespaces),
    ...(expiresAt && { expiresAt: timeToWire(expiresAt) }),
  };
}

function sessionToWire({ name, access }: Identity): MessageInitShape<typeof SessionSchema> {
  return { name, ...accessToWire(access), how: wireHows[access.how] };
}

function tokenToWire(token: Token): MessageInitShape<typeof AccessTokenSchema> {
  const { id, name, createdAt, createdBy, lastUsedAt, revokedAt } = token;
  return {
    id,
    name,
    createdBy,
    ...accessToWire(token),
    createdAt: timeToWire(createdAt),
    ...(lastUsedAt && { lastUsedAt: timeToWire(lastUsedAt) }),
    ...(revokedAt && { revokedAt: timeToWire(revokedAt) }),
  };
}

/** Serves `stowage.v1.AccessService`, also where nobody has to sign in. */
export const accessPlugin = definePlugin({
  type: "service",
  id: "access",
  requires: [{ type: "auth", optional: true }],
  config: z.strictObject({ publicUrl: z.string().optional() }),
  async open({ all, config: { publicUrl } }) {
    const methods = all("auth");
    const auth = sharedAuthenticator(methods);
    const keeper = methods.find((method) => method.keeper !== undefined)?.keeper;
    return createAccessService({ ...(auth && { auth }), ...(keeper && { keeper }), ...(publicUrl && { publicUrl }) });
  },
});
