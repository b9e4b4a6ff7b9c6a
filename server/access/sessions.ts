import { sql } from "kysely";
import type { Refusal } from "../policy/authenticate.ts";
import { notKnown } from "../policy/authenticate.ts";
import type { AccessDatabase } from "./database.ts";
import { accessQueries } from "./schema.ts";
import { hashSecret, isToken, makeSessionSecret } from "./secret.ts";
import { sessionLimits, verdictOfSignIn } from "./verdict.ts";

/** Sessions that are kept, at most; the one that was used longest ago goes for a new one. */
const maxSessions = 10_000;

/** Sessions that tokens were traded for. */
export interface Sessions {
  /** Trade a token for a session. @returns the session's secret */
  open(token: string): { readonly secret: string } | Refusal;
  /** End a session; one that is not known is no error. */
  end(secret: string): void;
}

/** @param nowMs the time, in milliseconds since 1970 */
export function createSessions(database: AccessDatabase, nowMs: () => number = Date.now): Sessions {
  function makeRoom(): void {
    const over = accessQueries.deleteFrom("session").where("created_at", "<", nowMs() - sessionLimits.mostMs);
    database.run(over);
    const count = accessQueries.selectFrom("session").select(sql<number>`count(*)`.as("count"));
    const beyond = (database.first(count)?.count ?? 0) - maxSessions + 1;
    if (beyond <= 0) return;
    const oldest = accessQueries.selectFrom("session").select("hash").orderBy("used_at").limit(beyond);
    database.run(accessQueries.deleteFrom("session").where("hash", "in", oldest));
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
        makeRoom();
        const row = { token: token.id, created_at: nowMs(), used_at: nowMs(), ended_at: null };
        database.run(accessQueries.insertInto("session").values({ hash: hashSecret(secret), ...row }));
        return { secret };
      });
    },
    end(secret) {
      const open = accessQueries.updateTable("session").set({ ended_at: nowMs() }).where("ended_at", "is", null);
      database.run(open.where("hash", "=", hashSecret(secret)));
    },
  };
}
