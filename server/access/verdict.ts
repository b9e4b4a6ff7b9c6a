import type { SessionTable, TokenTable } from "./schema.ts";

/** How long a session lasts, in milliseconds. */
export const sessionLimits = {
  /** In all. */
  mostMs: 7 * 86_400_000,
  /** Without a call. */
  idleMs: 12 * 3_600_000,
} as const;

/** Until when something is good, in milliseconds since 1970, or why it is not, in a line for people. */
export type Verdict = { readonly untilMs: number } | { readonly refusal: string };

const advice = "An admin makes one in Settings, Tokens, or with `stowage token create`.";
const oneTimeAdvice = "Start the server again for a new one, or make a token with `stowage token create`.";

/** What is to be said of a token that is shown as it is. */
export function verdictOfToken(token: TokenTable, nowMs: number): Verdict {
  if (token.one_time > 0) return { refusal: "This token is for signing in once, in a browser." };
  return lifeOf(token, nowMs, advice);
}

/** What is to be said of a token that is to be traded for a session. */
export function verdictOfSignIn(token: TokenTable, nowMs: number): Verdict {
  if (token.one_time > 1) return { refusal: `This token worked once, and was used already. ${oneTimeAdvice}` };
  return lifeOf(token, nowMs, token.one_time > 0 ? oneTimeAdvice : advice);
}

/** What is to be said of a session by its token. */
export function verdictOfSession(session: SessionTable, token: TokenTable, nowMs: number): Verdict {
  if (session.ended_at !== null) return { refusal: "You signed out; sign in again." };
  // A token that works once ends by itself, and its session goes on.
  const life = token.one_time > 0 ? { untilMs: Number.POSITIVE_INFINITY } : lifeOf(token, nowMs, advice);
  if ("refusal" in life) return life;
  const untilMs = Math.min(session.created_at + sessionLimits.mostMs, life.untilMs);
  const isOver = nowMs >= untilMs || nowMs >= session.used_at + sessionLimits.idleMs;
  return isOver ? { refusal: "Your session is over; sign in again." } : { untilMs };
}

function lifeOf({ revoked_at, expires_at }: TokenTable, nowMs: number, hint: string): Verdict {
  if (revoked_at !== null) return { refusal: "This token was revoked." };
  if (expires_at === null) return { untilMs: Number.POSITIVE_INFINITY };
  if (nowMs < expires_at) return { untilMs: expires_at };
  return { refusal: `This token expired ${spanText(nowMs - expires_at)} ago. ${hint}` };
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** A span of time in its largest unit, such as `2 d`. */
function spanText(ms: number): string {
  const [name, size] = units.find(([, unit]) => ms >= unit) ?? (["s", 1000] as const);
  return `${Math.max(1, Math.floor(ms / size))} ${name}`;
}
