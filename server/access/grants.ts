import { ContentError } from "../../content/errors.ts";
import type { How, Identity } from "../policy/access.ts";
import type { Refusal } from "../policy/authenticate.ts";
import { notKnown } from "../policy/authenticate.ts";
import type { AccessDatabase } from "./database.ts";
import type { SessionTable, TokenTable } from "./schema.ts";
import { accessQueries } from "./schema.ts";
import { hashSecret, isSameHash } from "./secret.ts";
import { accessOfRow } from "./token.ts";
import type { Verdict } from "./verdict.ts";
import { sessionLimits, verdictOfSession, verdictOfToken } from "./verdict.ts";

/** How often the time of the last use is written down, in milliseconds. */
const noteMs = 60_000;

/** Those who are let in now, by the hashes of what they show. */
export interface Grants {
  /** @param secret has the form of one */
  identify(how: Shown, secret: string): Identity | Refusal;
  /**
   * End what is over by now, also what another process ended, and write down who was there. To be called every second or so.
   *
   * @throws where the database cannot be read or written
   */
  sweep(): void;
  /** End what this process ended just now. @param only hashes of what was shown; absent: everything is looked at */
  recheck(only?: readonly string[]): void;
}

/** What can be shown. */
export type Shown = Extract<How, "token" | "session">;

interface Grant {
  readonly how: Shown;
  readonly hash: string;
  readonly tokenId: string;
  readonly identity: Identity;
  readonly ending: AbortController;
  /** Milliseconds since 1970. */
  untilMs: number;
  usedAt: number;
  notedAt: number;
}

interface Rows {
  readonly token: TokenTable;
  readonly session?: SessionTable;
}

/** @param nowMs the time, in milliseconds since 1970 */
export function createGrants(database: AccessDatabase, nowMs: () => number = Date.now): Grants {
  const grants = new Map<string, Grant>();
  /** Hashes of secrets that were good since the last sweep, since hashing takes longer than all else that policy does of a call. */
  const hashes = new Map<string, string>();
  let version = database.version();
  /** All of them have to be looked at: who tried to could not. */
  let isOwed = false;

  function rowsOf(how: Shown, hash: string): Rows | undefined {
    const session = how === "session" ? database.first(sessionBy(hash)) : undefined;
    const token = session ? database.first(tokenById(session.token)) : how === "token" && database.first(tokenBy(hash));
    if (!token || !isSameHash(session?.hash ?? token.hash, hash)) return undefined;
    return { token, ...(session && { session }) };
  }

  function verdictOf({ token, session }: Rows): Verdict {
    return session ? verdictOfSession(session, token, nowMs()) : verdictOfToken(token, nowMs());
  }

  function begin(how: Shown, hash: string, { token }: Rows, untilMs: number): Grant {
    const ending = new AbortController();
    const expires = Number.isFinite(untilMs) && { expiresAt: new Date(untilMs) };
    const access = { how, ...accessOfRow(token), ...expires, ended: ending.signal };
    const identity = { name: token.name, access };
    const grant = { how, hash, tokenId: token.id, identity, ending, untilMs, usedAt: nowMs(), notedAt: 0 };
    grants.set(hash, grant);
    return grant;
  }

  function end(grant: Grant, refusal: string): void {
    grants.delete(grant.hash);
    grant.ending.abort(new ContentError("unauthenticated", refusal));
  }

  function use(grant: Grant): Identity {
    grant.usedAt = nowMs();
    return grant.identity;
  }

  /** Write down who was there since it was written down last, all at once, and each once a minute. */
  function note(): void {
    const due = [...grants.values()].filter(({ usedAt, notedAt }) => usedAt > notedAt && nowMs() >= notedAt + noteMs);
    if (due.length === 0) return;
    database.transaction(() => {
      for (const { tokenId, how, hash, usedAt } of due) {
        database.run(accessQueries.updateTable("token").set({ last_used_at: usedAt }).where("id", "=", tokenId));
        if (how === "token") continue;
        database.run(accessQueries.updateTable("session").set({ used_at: usedAt }).where("hash", "=", hash));
      }
    });
    for (const grant of due) grant.notedAt = grant.usedAt;
  }

  function isDue({ how, untilMs, usedAt }: Grant): boolean {
    return nowMs() >= untilMs || (how === "session" && nowMs() >= usedAt + sessionLimits.idleMs);
  }

  function look(grant: Grant): void {
    const rows = withUse(rowsOf(grant.how, grant.hash), grant.usedAt);
    const verdict = rows === undefined ? { refusal: unknownText(grant.how) } : verdictOf(rows);
    if ("refusal" in verdict) end(grant, verdict.refusal);
    // The same text may be given again, for something else.
    else if (rows?.token.id !== grant.tokenId) end(grant, "What this token may do has changed; call again.");
  }

  /** Look at all, or at some; at all with the next sweep where that fails: nobody stays whose end was not seen. */
  function lookAt(some?: readonly Grant[]): void {
    const wasOwed = some !== undefined && isOwed;
    isOwed = true;
    for (const grant of some ?? [...grants.values()]) look(grant);
    isOwed = wasOwed;
  }

  return {
    identify(how, secret) {
      const hash = hashes.get(secret) ?? hashSecret(secret);
      const known = grants.get(hash);
      if (known !== undefined && known.how === how && !isDue(known)) {
        hashes.set(secret, hash);
        return use(known);
      }
      const rows = rowsOf(how, hash);
      // A page that is still open shows the same cookie again and again, and nobody guesses by that.
      if (rows === undefined) return { refusal: unknownText(how), guess: how === "session" ? hash : "" };
      const verdict = verdictOf(rows);
      if ("refusal" in verdict) return verdict;
      return use(begin(how, hash, rows, verdict.untilMs));
    },
    sweep() {
      // Of a secret its hash is kept, and the secret itself not for long.
      hashes.clear();
      const now = database.version();
      const isAll = isOwed || now !== version;
      version = now;
      lookAt(isAll ? undefined : [...grants.values()].filter(isDue));
      note();
    },
    recheck(only) {
      lookAt(only?.flatMap((hash) => grants.get(hash) ?? []));
    },
  };
}

/** What was not written down yet counts. */
function withUse(rows: Rows | undefined, usedAt: number): Rows | undefined {
  if (rows?.session === undefined) return rows;
  return { ...rows, session: { ...rows.session, used_at: Math.max(rows.session.used_at, usedAt) } };
}

function unknownText(how: Shown): string {
  return how === "token" ? notKnown : "Your session is not known here; sign in again.";
}

const tokenBy = (hash: string) => accessQueries.selectFrom("token").selectAll().where("hash", "=", hash);
const tokenById = (id: string) => accessQueries.selectFrom("token").selectAll().where("id", "=", id);
const sessionBy = (hash: string) => accessQueries.selectFrom("session").selectAll().where("hash", "=", hash);
