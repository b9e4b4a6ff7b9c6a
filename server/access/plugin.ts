import type { Logger } from "pino";
import { z } from "zod";
import { configIdentifier } from "../config/identifier.ts";
import { configPath } from "../config/paths.ts";
import { readDataId } from "../data-id.ts";
import { definePlugin } from "../plugins/plugin.ts";
import { roles } from "../policy/access.ts";
import type { Auth, TokenKeeper } from "./auth.ts";
import type { SessionCookie } from "./cookie.ts";
import { createSessionCookie } from "./cookie.ts";
import type { AccessDatabase } from "./database.ts";
import { openAccessDatabase } from "./database.ts";
import type { GivenToken } from "./given-tokens.ts";
import { giveTokens } from "./given-tokens.ts";
import type { Grants } from "./grants.ts";
import { createGrants } from "./grants.ts";
import { hashSecret, isSessionSecret, isToken } from "./secret.ts";
import { createSessions } from "./sessions.ts";
import { createTokens } from "./tokens.ts";

/** A scope; absent: every one. */
const names = z
  .union([z.literal("*"), z.array(configIdentifier).min(1)], { error: 'is "*" or a list of names' })
  .default("*");

/** How often the files of given tokens are read again, in milliseconds. */
const giveMs = 60_000;

/** How often what other processes did, and the time, is looked at, in milliseconds. */
const sweepMs = 1000;

/** Who calls is said by tokens, and by sessions that they are traded for. */
export const tokensPlugin = definePlugin({
  type: "auth",
  id: "tokens",
  requires: [],
  config: z.strictObject({
    /** Who comes over a unix socket has to show a token too. */
    socket: z.boolean().default(false),
    /** Make a token at every start that signs in once, and print it in the ready line. */
    one_time: z.boolean().default(false),
    /** Tokens that are made elsewhere, and handed over in files: for servers that are set up by programs. */
    given: z
      .array(
        z.strictObject({
          name: configIdentifier,
          role: z.enum(roles),
          /** Path of a file whose first line is the token. */
          file: configPath(),
          stores: names,
          namespaces: names,
        }),
      )
      .default([]),
  }),
  exports: () => ({ file: "access.db" }),
  async open({ root, config, logger }): Promise<Auth> {
    const cookie = createSessionCookie(await readDataId(root));
    await using opening = new AsyncDisposableStack();
    const database = opening.use(await openAccessDatabase(root));
    const { revoked } = await giveTokens(database, config.given);
    if (revoked.length > 0)
      logger.warn({ revoked }, "tokens of the config were revoked, and are no good until their files hold others");
    const grants = createGrants(database);
    opening.use(giveNowAndThen(database, config.given, grants, logger));
    opening.use(sweepNowAndThen(grants, logger));
    const keeper = createKeeper(database, grants, cookie);
    const fragment = config.one_time && { fragment: `/#token=${keeper.tokens.createOneTime()}` };
    if (!config.one_time) keeper.tokens.forgetOneTime();
    const open = opening.move();
    return {
      socket: config.socket,
      // Nobody guesses 256 bits, so that it does not matter how often somebody tries.
      identify({ bearer, cookies }) {
        if (bearer !== undefined) return isToken(bearer) ? grants.identify("token", bearer) : undefined;
        const secret = cookie.read(cookies) ?? "";
        return isSessionSecret(secret) ? grants.identify("session", secret) : undefined;
      },
      keeper: { ...keeper, ...fragment },
      [Symbol.asyncDispose]: () => open.disposeAsync(),
    };
  },
});

/** What was revoked or signed out ends at once, and not with the next look. */
function createKeeper(database: AccessDatabase, grants: Grants, cookie: SessionCookie): TokenKeeper {
  const tokens = createTokens(database);
  const sessions = createSessions(database);
  return {
    tokens: {
      ...tokens,
      revoke(named) {
        const token = tokens.revoke(named);
        grants.recheck();
        return token;
      },
    },
    cookie,
    signIn(token) {
      const opened = sessions.open(token);
      if ("refusal" in opened) return opened;
      grants.recheck(opened.gone);
      const identity = grants.identify("session", opened.secret);
      if ("refusal" in identity) throw new Error("a new session is not good");
      return { secret: opened.secret, identity };
    },
    signOut(secret) {
      if (!isSessionSecret(secret) || !sessions.end(secret)) return false;
      grants.recheck([hashSecret(secret)]);
      return true;
    },
  };
}

/** Read the files of given tokens again and again, until it is disposed of. What is wrong with them changes nothing. */
function giveNowAndThen(
  database: AccessDatabase,
  given: readonly GivenToken[],
  grants: Grants,
  logger: Logger,
): Disposable {
  const giving = setInterval(() => {
    giveTokens(database, given).then(
      ({ changed }) => changed && grants.recheck(),
      (err: unknown) => logger.error({ err }, "the tokens that the config gives stay as they were"),
    );
  }, giveMs);
  giving.unref();
  return { [Symbol.dispose]: () => clearInterval(giving) };
}

/** Look again and again, until it is disposed of. */
function sweepNowAndThen(grants: Grants, logger: Logger): Disposable {
  const sweeping = setInterval(() => {
    try {
      grants.sweep();
    } catch (err) {
      logger.warn({ err }, "the tokens could not be looked at");
    }
  }, sweepMs);
  sweeping.unref();
  return { [Symbol.dispose]: () => clearInterval(sweeping) };
}
