import { expect, onTestFinished, test } from "vitest";
import { isKind } from "../../../content/errors.ts";
import type { AccessDatabase } from "../../../server/access/database.ts";
import { openAccessDatabase } from "../../../server/access/database.ts";
import { createGrants } from "../../../server/access/grants.ts";
import { createSessions } from "../../../server/access/sessions.ts";
import type { TokenDraft } from "../../../server/access/token.ts";
import { createTokens } from "../../../server/access/tokens.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

const draft: TokenDraft = { name: "ci", role: "reader", stores: "*", namespaces: ["n"], createdBy: "mei" };

const [secondMs, hourMs, dayMs] = [1000, 3_600_000, 86_400_000];

/** Tokens and sessions at a time that the test sets. */
async function keep() {
  const root = await makeTempDir();
  const open = async (): Promise<AccessDatabase> => {
    const database = await openAccessDatabase(root);
    onTestFinished(() => database[Symbol.dispose]());
    return database;
  };
  const database = await open();
  const clock = { ms: Date.parse("2026-11-29T12:00:00Z") };
  const now = () => clock.ms;
  const grants = createGrants(database, now);
  return {
    clock,
    open,
    grants,
    tokens: createTokens(database, now),
    sessions: createSessions(database, now),
    /** Names who is let in, or why nobody is. */
    as(how: "token" | "session", secret: string): string | undefined {
      const found = grants.identify(how, secret);
      return found && ("refusal" in found ? found.refusal : found.name);
    },
    signIn(token: string): string {
      const opened = createSessions(database, now).open(token);
      return "refusal" in opened ? opened.refusal : opened.secret;
    },
  };
}

test("a token is told without its text, and is good until it expires or is revoked", async () => {
  const { tokens, clock, grants, as } = await keep();
  const expiresAt = new Date(clock.ms + hourMs);
  const { token, text } = tokens.create({ ...draft, expiresAt });
  expect(text).toMatch(/^stw_[\w-]{43}$/);
  expect(tokens.list()).toEqual([{ ...draft, expiresAt, id: token.id, createdAt: new Date(clock.ms) }]);
  expect(as("token", text)).toBe("ci");
  grants.sweep();
  expect(tokens.list()[0]?.lastUsedAt).toEqual(new Date(clock.ms));
  clock.ms += hourMs + 2 * dayMs;
  expect(as("token", text)).toBe(
    "This token expired 2 d ago. An admin makes one in Settings, Tokens, or with `stowage token create`.",
  );
  const next = tokens.create(draft);
  tokens.revoke("ci");
  expect(as("token", next.text)).toBe("This token was revoked.");
  expect(tokens.revoke(next.token.id)).toMatchObject({ revokedAt: new Date(clock.ms) });
  expect(as("token", `stw_${"a".repeat(43)}`)).toBe("This token is not known here.");
});

test("the last use is written down once a minute", async () => {
  const { tokens, clock, grants, as } = await keep();
  const { text } = tokens.create(draft);
  const used = () => {
    as("token", text);
    grants.sweep();
    return tokens.list()[0]?.lastUsedAt?.getTime();
  };
  const first = clock.ms;
  expect(used()).toBe(first);
  clock.ms += 59 * secondMs;
  expect(used()).toBe(first);
  clock.ms += secondMs;
  expect(used()).toBe(clock.ms);
});

test("what is no token is not made, and one name has one valid token", async () => {
  const { tokens, clock } = await keep();
  const wrong: readonly Partial<TokenDraft>[] = [
    { name: "" },
    { name: "a b" },
    { stores: [] },
    { namespaces: ["-"] },
    { namespaces: Array.from({ length: 101 }, (_, index) => `n${index}`) },
    { expiresAt: new Date(clock.ms) },
  ];
  for (const part of wrong) {
    expect(() => tokens.create({ ...draft, ...part })).toThrow(expect.toSatisfy((e) => isKind(e, "invalid-argument")));
  }
  tokens.create(draft);
  expect(() => tokens.create(draft)).toThrow(expect.toSatisfy((error) => isKind(error, "already-exists")));
  tokens.revoke("ci");
  tokens.create(draft);
  expect(() => tokens.revoke("nobody")).toThrow(expect.toSatisfy((error) => isKind(error, "not-found")));
});

test("a token that ended is told for 90 days", async () => {
  const { tokens, clock } = await keep();
  tokens.create(draft);
  tokens.revoke("ci");
  clock.ms += 89 * dayMs;
  tokens.create({ ...draft, name: "b" });
  expect(tokens.list().map(({ name }) => name)).toEqual(["b", "ci"]);
  clock.ms += 2 * dayMs;
  tokens.create({ ...draft, name: "c" });
  expect(tokens.list().map(({ name }) => name)).toEqual(["c", "b"]);
});

test("a session ends after 12 hours without a call, after 7 days, and with its token", async () => {
  const { tokens, clock, grants, as, signIn } = await keep();
  const { text } = tokens.create(draft);
  const idle = signIn(text);
  const busy = signIn(text);
  for (let hours = 0; hours < 7 * 24; hours += 8) {
    expect(as("session", busy)).toBe("ci");
    clock.ms += 8 * hourMs;
  }
  expect(as("session", busy)).toBe("Your session is over; sign in again.");
  expect(as("session", idle)).toBe("Your session is over; sign in again.");
  const last = signIn(text);
  expect(as("session", last)).toBe("ci");
  tokens.revoke("ci");
  grants.recheck();
  expect(as("session", last)).toBe("This token was revoked.");
});

test("who is let in hears of the end: of the time, of a sign-out, and of what another process revoked", async () => {
  const { tokens, sessions, clock, grants, open, signIn } = await keep();
  const ended = (how: "token" | "session", secret: string): AbortSignal => {
    const found = grants.identify(how, secret);
    const signal = found && "access" in found ? found.access.ended : undefined;
    return signal ?? expect.fail("nobody is let in");
  };
  const expiring = ended("token", tokens.create({ ...draft, expiresAt: new Date(clock.ms + hourMs) }).text);
  const revoked = ended("token", tokens.create({ ...draft, name: "b" }).text);
  const lasting = ended("token", tokens.create({ ...draft, name: "c" }).text);
  const secret = signIn(tokens.create({ ...draft, name: "d" }).text);
  const signedOut = ended("session", secret);
  createTokens(await open()).revoke("b");
  grants.sweep();
  expect([expiring, revoked, lasting].map(({ aborted }) => aborted)).toEqual([false, true, false]);
  expect(revoked.reason).toMatchObject({ kind: "unauthenticated", message: "This token was revoked." });
  clock.ms += hourMs;
  grants.sweep();
  expect(expiring.reason.message).toMatch(/^This token expired 1 s ago/);
  sessions.end(secret);
  grants.recheck();
  expect([lasting.aborted, signedOut.aborted]).toEqual([false, true]);
});

test("a token that works once is traded once, within ten minutes, and is shown in no list", async () => {
  const { tokens, clock, as, signIn } = await keep();
  const late = tokens.createOneTime();
  clock.ms += 10 * 60 * secondMs;
  expect(signIn(late)).toMatch(/^This token expired 1 s ago\. Start the server again for a new one/);
  const text = tokens.createOneTime();
  expect(signIn(late)).toBe("This token is not known here.");
  expect(as("token", text)).toBe("This token is for signing in once, in a browser.");
  const session = signIn(text);
  clock.ms += hourMs;
  expect(as("session", session)).toBe("one-time");
  expect(signIn(text)).toMatch(/^This token worked once, and was used already/);
  expect(tokens.list()).toEqual([]);
});

test("a database of a later version is refused, and one that is damaged", async () => {
  const { open } = await keep();
  const database = await open();
  database.exec("PRAGMA user_version = 99");
  await expect(open()).rejects.toThrow(/was written by a later version of stowage/);
});

test("who signs in again and again signs out nobody else, and of their own the one that was used longest ago", async () => {
  const { tokens, open, clock, as } = await keep();
  const sessions = createSessions(await open(), () => clock.ms, { most: 10, perToken: 2 });
  const [mei, ci] = ["mei", "ci"].map((name) => tokens.create({ ...draft, name }).text);
  const signIn = (token = "") => {
    clock.ms += secondMs;
    const opened = sessions.open(token);
    if ("refusal" in opened) throw new Error(opened.refusal);
    return opened;
  };
  const meis = signIn(mei);
  const own = [signIn(ci), signIn(ci), signIn(ci)];
  expect([meis, ...own].map(({ gone }) => gone.length)).toEqual([0, 0, 0, 1]);
  const shown = [meis, ...own].map(({ secret }) => as("session", secret));
  expect(shown).toEqual(["mei", "Your session is not known here; sign in again.", "ci", "ci"]);
});

test("only what was a session can be ended, and nothing else is looked at for it", async () => {
  const { tokens, sessions, grants, as, signIn } = await keep();
  const secret = signIn(tokens.create(draft).text);
  expect(as("session", secret)).toBe("ci");
  expect(sessions.end("a".repeat(43))).toBe(false);
  expect([sessions.end(secret), sessions.end(secret)]).toEqual([true, false]);
  grants.recheck([]);
  expect(as("session", secret)).toBe("ci");
  grants.recheck();
  expect(as("session", secret)).toBe("You signed out; sign in again.");
});
