import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openAccessDatabase } from "../../../server/access/database.ts";
import type { GivenToken } from "../../../server/access/given-tokens.ts";
import { giveTokens } from "../../../server/access/given-tokens.ts";
import { createGrants } from "../../../server/access/grants.ts";
import { makeToken } from "../../../server/access/secret.ts";
import { createTokens } from "../../../server/access/tokens.ts";
import { StartError } from "../../../server/start-error.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

/** A database, and files with tokens. */
async function keep() {
  const folder = await makeTempDir();
  const database = await openAccessDatabase(folder);
  onTestFinished(() => database[Symbol.dispose]());
  const grants = createGrants(database);
  const clock = { ms: Date.now() };
  return {
    folder,
    database,
    clock,
    tokens: createTokens(database, () => clock.ms),
    async write(name: string, text: string): Promise<GivenToken> {
      const file = join(folder, name);
      await writeFile(file, text);
      return { name, role: "reader", stores: "*", namespaces: ["n"], file };
    },
    /** Names who is let in and as what, or why nobody is. */
    as(text: string): string | undefined {
      const found = grants.identify("token", text);
      return found && ("refusal" in found ? found.refusal : `${found.name}, ${found.access.role}`);
    },
    recheck: () => grants.recheck(),
  };
}

test("a token in a file is good as long as the config gives it, beside those that were made", async () => {
  const { database, tokens, write, as, recheck } = await keep();
  const [text, made] = [
    makeToken(),
    tokens.create({ name: "ci", role: "admin", stores: "*", namespaces: "*", createdBy: "" }),
  ];
  const hub = await write("hub", `${text}\n`);
  expect(await giveTokens(database, [hub])).toEqual({ changed: true, revoked: [] });
  expect(as(text)).toBe("hub, reader");
  expect(tokens.list().find(({ name }) => name === "hub")).toMatchObject({
    createdBy: "the config",
    namespaces: ["n"],
  });
  expect(await giveTokens(database, [hub])).toEqual({ changed: false, revoked: [] });

  expect(await giveTokens(database, [{ ...hub, role: "operator" }])).toMatchObject({ changed: true });
  recheck();
  expect(as(text)).toBe("hub, operator");

  expect(await giveTokens(database, [])).toMatchObject({ changed: true });
  recheck();
  expect(as(text)).toBe("This token was revoked.");
  expect(as(made.text)).toBe("ci, admin");
  await giveTokens(database, [hub]);
  recheck();
  expect(as(text)).toBe("hub, reader");
});

test("another token in the file takes the place of the one before", async () => {
  const { database, write, as, recheck } = await keep();
  const [first, second] = [makeToken(), makeToken()];
  await giveTokens(database, [await write("hub", first)]);
  expect(as(first)).toBe("hub, reader");
  await giveTokens(database, [await write("hub", second)]);
  recheck();
  expect([as(first), as(second)]).toEqual(["This token was revoked.", "hub, reader"]);
});

test("one that somebody revoked stays so, however often its file is read, until the config was without it", async () => {
  const { database, tokens, clock, write, as, recheck } = await keep();
  const [leaked, next] = [makeToken(), makeToken()];
  const hub = await write("hub", leaked);
  await giveTokens(database, [hub]);
  expect(as(leaked)).toBe("hub, reader");
  tokens.revoke("hub");
  recheck();
  const refused = { changed: false, revoked: ["hub"] };
  for (const given of [hub, { ...hub, role: "admin" as const }]) {
    expect(await giveTokens(database, [given])).toEqual(refused);
    expect(as(leaked)).toBe("This token was revoked.");
  }
  // Others that ended are forgotten by then.
  clock.ms += 91 * 86_400_000;
  tokens.create({ name: "later", role: "reader", stores: "*", namespaces: "*", createdBy: "" });
  expect(await giveTokens(database, [hub])).toEqual(refused);
  expect(as(leaked)).toBe("This token was revoked.");

  await giveTokens(database, [await write("hub", next)]);
  expect(as(next)).toBe("hub, reader");
  await giveTokens(database, [await write("hub", leaked)]);
  recheck();
  expect([as(leaked), as(next)]).toEqual(["hub, reader", "This token was revoked."]);
});

test("what the config revoked before it was written down who did is given again", async () => {
  const { folder, database, write } = await keep();
  const [text, hub] = [makeToken(), await write("hub", "")];
  await giveTokens(database, [await write("hub", text)]);
  await giveTokens(database, []);
  database.exec("ALTER TABLE token DROP COLUMN revoked_by; PRAGMA user_version = 1");
  using next = await openAccessDatabase(folder);
  expect(await giveTokens(next, [hub])).toEqual({ changed: true, revoked: [] });
});

test("a file that is not there, that holds no token, or the same one, is a line and changes nothing", async () => {
  const { database, write, tokens } = await keep();
  const text = makeToken();
  const hub = await write("hub", text);
  const other = await write("other", text);
  const empty = await write("empty", "secret\n");
  const refused: readonly [given: readonly GivenToken[], words: string][] = [
    [[hub, { ...hub, file: `${hub.file}.gone` }], "the token hub cannot be read: ENOENT"],
    [[hub, empty], "holds no token: its first line is to be stw_ and 43 characters"],
    [[hub, other], "the tokens hub and other are one; make another one"],
  ];
  for (const [given, words] of refused) {
    await expect(giveTokens(database, given)).rejects.toThrow(StartError);
    await expect(giveTokens(database, given)).rejects.toThrow(words);
    await expect(giveTokens(database, given)).rejects.not.toThrow(text);
  }
  expect(tokens.list()).toEqual([]);
});
