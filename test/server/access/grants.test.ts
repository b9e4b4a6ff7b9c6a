import { expect, onTestFinished, test } from "vitest";
import { openAccessDatabase } from "../../../server/access/database.ts";
import { createGrants } from "../../../server/access/grants.ts";
import { createSessions } from "../../../server/access/sessions.ts";
import type { TokenDraft } from "../../../server/access/token.ts";
import { createTokens } from "../../../server/access/tokens.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

const draft: TokenDraft = { name: "ci", role: "reader", stores: "*", namespaces: "*", createdBy: "mei" };

/** Who is let in by a database that can be made to fail, and the same as another process has it. */
async function keep() {
  const root = await makeTempDir();
  const open = async () => {
    const opened = await openAccessDatabase(root);
    onTestFinished(() => opened[Symbol.dispose]());
    return opened;
  };
  const [database, other] = [await open(), await open()];
  let fails = false;
  const first: typeof database.first = (query) => {
    if (fails) throw new Error("disk I/O error");
    return database.first(query);
  };
  const grants = createGrants({ ...database, first });
  return {
    database,
    grants,
    tokens: createTokens(database),
    elsewhere: createTokens(other),
    setFails: (wanted: boolean) => void (fails = wanted),
    /** Comes in by a token. @returns aborted once it is over */
    enter(text: string): AbortSignal | undefined {
      const found = grants.identify("token", text);
      return found !== undefined && "access" in found ? found.access.ended : undefined;
    },
  };
}

test("what another process revoked ends also where the first look for it failed", async () => {
  const { grants, tokens, elsewhere, setFails, enter } = await keep();
  const ended = enter(tokens.create(draft).text);
  elsewhere.revoke("ci");
  setFails(true);
  expect(() => grants.sweep()).toThrow("disk I/O error");
  expect(ended?.aborted).toBe(false);
  setFails(false);
  grants.sweep();
  expect(ended?.aborted).toBe(true);
});

test("and so does what this process revoked", async () => {
  const { grants, tokens, setFails, enter } = await keep();
  const ended = enter(tokens.create(draft).text);
  tokens.revoke("ci");
  setFails(true);
  expect(() => grants.recheck()).toThrow("disk I/O error");
  setFails(false);
  grants.sweep();
  expect(ended?.aborted).toBe(true);
});

test("a session that was signed out goes for a new one before one that is still used", async () => {
  const { database, tokens } = await keep();
  const { text } = tokens.create(draft);
  const clock = { ms: Date.now() };
  const sessions = createSessions(database, () => clock.ms++, { most: 100, perToken: 2 });
  const signIn = (): string => {
    const opened = sessions.open(text);
    if ("refusal" in opened) throw new Error(opened.refusal);
    return opened.secret;
  };
  const [laptop, phone] = [signIn(), signIn()];
  sessions.end(phone);
  signIn();
  expect(sessions.end(laptop)).toBe(true);
});
