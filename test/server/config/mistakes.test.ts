import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSettings } from "../../../server/config/settings.ts";
import { UsageError } from "../../../server/config/usage-error.ts";
import { parseCommand } from "../../../server/config.ts";
import { builtinPlugins } from "../../../server/plugins/builtin.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

/** What is said of a config file, without the folder that it is in. */
async function saidOf(text: string): Promise<string> {
  const root = await makeTempDir();
  await writeFile(join(root, "config.toml"), text);
  const error = await readSettings({ data: root }, builtinPlugins).then(
    () => expect.fail("nothing is said"),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).message.replace(`${root}/config.toml`, "");
}

const node = (more: string): string => `[stores.a]\nplugin = "remote"\n${more}`;
const given = (more: string): string => `[auth.tokens]\ngiven = [{ name = "x", role = "admin", file = "f", ${more} }]`;

describe("a mistake in the config is told by what is wrong, and what would be right", () => {
  test.each([
    ["a key that is missing", node(""), ":1: stores.a.url: is missing; expected string"],
    [
      "an address that is none",
      node('url = "https://n"\ndial = "n2"'),
      ":4: stores.a.dial: is no address, such as 10.0.0.7",
    ],
    [
      "an address to dial, where there is a socket",
      node('url = "unix:/s"\ndial = "10.0.0.7"'),
      ":4: stores.a.dial: is for a URL of http or https, whose host it is dialled for",
    ],
    [
      "certificates, where there is no TLS",
      node('url = "http://n"\nca = "ca.pem"'),
      ":4: stores.a.ca: is for a URL of https; others have no certificate",
    ],
    ["stores that are none", "stores = 3", ":1: stores: expected table, not number"],
    [
      "a number that is not whole",
      "[audit.sqlite]\nmax_mib = 1.5",
      ":2: audit.sqlite.max_mib: expected a whole number",
    ],
    ["names that are no list", given('stores = "local"'), ':2: auth.tokens.given[0].stores: is "*" or a list of names'],
    [
      "a name that is the server's own store's",
      `[stores.local]\nplugin = "remote"\nurl = "https://n"`,
      ":1: stores.local: the server's own store has that name; give this one another, or name its own in [stores] too",
    ],
  ])("%s", async (_, text, said) => {
    expect(await saidOf(text)).toBe(said);
  });
});

describe("a flag or variable that would do something else than it seems is refused", () => {
  const parse =
    (argv: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    () =>
      parseCommand(argv, env);

  test("--open without a target, which would be the folder where one is", () => {
    expect(parse(["--open", ""])).toThrow("--open needs a value; --help lists the flags");
    expect(parse([], { STOWAGE_OPEN: "/a,,/b" })).toThrow("--open needs a value; --help lists the flags");
  });

  test("--allow-changes and --token-file for stores of the config", () => {
    expect(parse(["--allow-changes"])).toThrow(
      "--allow-changes is for what --open opens; a store of the config says allow_changes = true",
    );
    expect(parse(["--token-file", "t"])).toThrow(
      "--token-file is for what --open opens; a store of the config says token_file",
    );
    expect(parse([], { STOWAGE_ALLOW_CHANGES: "1", STOWAGE_TOKEN_FILE: "t" })).not.toThrow();
  });

  test("STOWAGE_ALLOW_CHANGES that says neither yes nor no", () => {
    expect(parse([], { STOWAGE_ALLOW_CHANGES: "true" })).toThrow("STOWAGE_ALLOW_CHANGES is 1, 0 or empty");
    expect(parse([], { STOWAGE_ALLOW_CHANGES: "0" })()).toEqual({ kind: "serve", flags: {} });
  });
});
