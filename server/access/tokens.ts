import { sql } from "kysely";
import { ContentError } from "../../content/errors.ts";
import type { AccessDatabase } from "./database.ts";
import type { TokenTable } from "./schema.ts";
import { accessQueries } from "./schema.ts";
import { hashSecret, makeToken, makeTokenId } from "./secret.ts";
import type { Token, TokenDraft } from "./token.ts";
import { rowOfDraft, theConfig, tokenOfRow, validateDraft } from "./token.ts";

/** Tokens that are kept, at most. */
const maxTokens = 10_000;

/** Days for which a token is told of that was revoked or has expired. */
const daysAfterEnd = 90;

const dayMs = 86_400_000;

/** How long a token can be traded for a session that works once, in milliseconds. */
const oneTimeMs = 600_000;

/** The tokens of a server. */
export interface Tokens {
  /** The newest first. */
  list(): readonly Token[];
  /**
   * Make one.
   *
   * @returns it, and its text, which nobody can find out later
   * @throws what validateDraft throws; `already-exists` where a token of that name is valid; `resource-exhausted` for too many
   */
  create(draft: TokenDraft): { readonly token: Token; readonly text: string };
  /**
   * End one. Again changes nothing.
   *
   * @param named its id, or the name of one that is valid
   * @throws `not-found`
   */
  revoke(named: string): Token;
  /** Make the one that is traded for a session once, in the place of those of earlier processes. @returns its text */
  createOneTime(): string;
  /** Forget those of earlier processes, and end their sessions, which no list shows. */
  forgetOneTime(): void;
}

/** @param nowMs the time, in milliseconds since 1970 */
export function createTokens(database: AccessDatabase, nowMs: () => number = Date.now): Tokens {
  const all = accessQueries.selectFrom("token").selectAll().where("one_time", "=", 0);

  function isValid({ revoked_at, expires_at }: TokenTable): boolean {
    return revoked_at === null && (expires_at === null || expires_at > nowMs());
  }

  function insert(row: TokenTable): void {
    database.run(accessQueries.insertInto("token").values(row));
  }

  function forgetOneTime(): void {
    database.run(accessQueries.deleteFrom("token").where("one_time", ">", 0));
  }

  /** @throws `already-exists`; `resource-exhausted` */
  function makeRoom(name: string): void {
    const before = nowMs() - daysAfterEnd * dayMs;
    const over = accessQueries.deleteFrom("token").where("one_time", "=", 0);
    const gone = over.where((or) => or.or([or("revoked_at", "<", before), or("expires_at", "<", before)]));
    // One that is given still, and that somebody revoked, would be given again.
    database.run(gone.where((or) => or.or([or("created_by", "<>", theConfig), or("revoked_by", "=", theConfig)])));
    if (database.all(all.where("name", "=", name)).some(isValid)) {
      throw new ContentError("already-exists", `a valid token of the name ${name}`);
    }
    const count = accessQueries.selectFrom("token").select(sql<number>`count(*)`.as("count"));
    if ((database.first(count)?.count ?? 0) >= maxTokens) {
      throw new ContentError("resource-exhausted", `more than ${maxTokens} tokens; revoked ones go after 90 days`);
    }
  }

  return {
    list: () => database.all(all.orderBy("created_at", "desc").orderBy("id")).map(tokenOfRow),
    create(draft) {
      validateDraft(draft, nowMs());
      const text = makeToken();
      const row = rowOfDraft(draft, secretOf(text), nowMs());
      database.transaction(() => {
        makeRoom(draft.name);
        insert(row);
      });
      return { token: tokenOfRow(row), text };
    },
    revoke(named) {
      return database.transaction(() => {
        const found =
          database.first(all.where("id", "=", named)) ?? database.all(all.where("name", "=", named)).find(isValid);
        if (found === undefined) throw new ContentError("not-found", `token ${JSON.stringify(named)}`);
        if (found.revoked_at !== null) return tokenOfRow(found);
        const revoked_at = nowMs();
        database.run(accessQueries.updateTable("token").set({ revoked_at }).where("id", "=", found.id));
        return tokenOfRow({ ...found, revoked_at });
      });
    },
    createOneTime() {
      const text = makeToken();
      const expiresAt = new Date(nowMs() + oneTimeMs);
      const draft: TokenDraft = {
        name: "one-time",
        role: "admin",
        stores: "*",
        namespaces: "*",
        createdBy: "",
        expiresAt,
      };
      database.transaction(() => {
        forgetOneTime();
        insert({ ...rowOfDraft(draft, secretOf(text), nowMs()), one_time: 1 });
      });
      return text;
    },
    forgetOneTime,
  };
}

function secretOf(text: string): Pick<TokenTable, "id" | "hash"> {
  return { id: makeTokenId(), hash: hashSecret(text) };
}
