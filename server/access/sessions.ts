import { sql } from "kysely";
import type { Refusal } from "../policy/authenticate.ts";
import { notKnown } from "../policy/authenticate.ts";
import type { AccessDatabase } from "./database.ts";
import { accessQueries } from "./schema.ts";
import { hashSecret, isToken, makeSessionSecret } from "./secret.ts";
import { sessionLimits, verdictOfSignIn } from "./verdict.ts";

/** How many sessions are kept; one that was signed out goes for a new one, or else the one that was used longest ago. */
export interface SessionRoom {
  readonly most: number;
  /** Of one token, so that nobody signs out others by signing in again and again. */
  readonly perToken: number;
}

const sessionRoom: SessionRoom = { most: 10_000, perToken: 1000 };

/** Sessions that tokens were traded for. */
export interface Sessions {
  /** Trade a token for a session. @returns the session's secret, and the hashes of those that went for it */
  open(token: string): { readonly secret: string; readonly gone: readonly string[] } | Refusal;
  /** End a session. @returns true where there was one */
  end(secret: string): boolean;
}

/** @param nowMs the time, in milliseconds since 1970 */
export function createSessions(
  database: AccessDatabase,
  nowMs: () => number = Date.now,
  { most, perToken }: SessionRoom = sessionRoom,
): Sessions {
  /** @param token its id; absent: of every token @returns hashes of those that went */
  function leave(room: number, token?: string): readonly string[] {
    const every = accessQueries.selectFrom("session");
    const some = token === undefined ? every : every.where("token", "=", token);
    const beyond = (database.first(some.select(sql<number>`count(*)`.as("count")))?.count ?? 0) - room;
    if (beyond <= 0) return [];
    // Those that were signed out are kept to be told of, as long as there is room.
    const oldest = some.select("hash").orderBy(sql`ended_at IS NULL`).orderBy("used_at").limit(beyond);
    const gone = accessQueries.deleteFrom("session").where("hash", "in", oldest).returning("hash");
    return database.all(gone).map(({ hash }) => hash);
  }

  function makeRoom(token: string): readonly string[] {
    const over = accessQueries.deleteFrom("session").where("created_at", "<", nowMs() - sessionLimits.mostMs);
    database.run(over);
    return [...leave(perToken - 1, token), ...leave(most - 1)];
  }

  return {
    open(text) {
      if (!isToken(text)) return { refusal: notKnown, guess: "" };
      const secret = makeSessionSecret();
      return database.transaction(() => {
        const found = accessQueries.selectFrom("token").selectAll().where("hash", "=", hashSecret(text));
        const token = database.first(found);
        if (token === undefined) return { refusal: notKnown, guess: "" };
        const verdict = verdictOfSignIn(token, nowMs());
        if ("refusal" in verdict) return verdict;
        if (token.one_time > 0) {
          database.run(accessQueries.updateTable("token").set({ one_time: 2 }).where("id", "=", token.id));
        }
        const gone = makeRoom(token.id);
        const row = { token: token.id, created_at: nowMs(), used_at: nowMs(), ended_at: null };
        database.run(accessQueries.insertInto("session").values({ hash: hashSecret(secret), ...row }));
        return { secret, gone };
      });
    },
    end(secret) {
      const open = accessQueries.updateTable("session").set({ ended_at: nowMs() }).where("ended_at", "is", null);
      return database.run(open.where("hash", "=", hashSecret(secret))) > 0;
    },
  };
}
