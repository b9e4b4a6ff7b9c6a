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
  return {
    database,
    tokens: createTokens(database),
    async write(name: string, text: string): Promise<GivenToken> {
      const file = join(folder, name);
      await writeFile(file, text);
      return { name, role: "reader", stores: "*", namespaces: ["n"], file };
    },
    /** Names who is let in and as what, or why nobody is. */
    as(text: string): string | undefined {
      const found = grants.identify("token", text, true);
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
  expect(await giveTokens(database, [hub])).toBe(true);
  expect(as(text)).toBe("hub, reader");
  expect(tokens.list().find(({ name }) => name === "hub")).toMatchObject({
    createdBy: "the config",
    namespaces: ["n"],
  });
  expect(await giveTokens(database, [hub])).toBe(false);

  expect(await giveTokens(database, [{ ...hub, role: "operator" }])).toBe(true);
  recheck();
  expect(as(text)).toBe("hub, operator");

  expect(await giveTokens(database, [])).toBe(true);
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
