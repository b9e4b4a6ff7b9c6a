import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runTokenCommand } from "../../../server/access/run-command.ts";
import { parseTokenCommand } from "../../../server/config/token-command.ts";
import { run } from "../../support/run.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

const main = join(import.meta.dirname, "..", "..", "..", "server", "main.ts");

const stowage = (...args: readonly string[]) => run(process.execPath, [main, "token", ...args]);

test("the command line makes and lists tokens, and prints the text of one once", async () => {
  const data = await makeTempDir();
  const flags = ["--role", "reader", "--namespace", "k8s.io", "--expires", "30d", "--data", data];
  const made = await stowage("create", "ci", ...flags);
  const [text = "", line = ""] = made.stdout.split("\n");
  expect(text).toMatch(/^stw_[\w-]{43}$/);
  const test = `-H 'authorization: Bearer ${text}'`;
  expect(line).toMatch(/^test it: curl .* http:\/\/127\.0\.0\.1:3000\/stowage\.v1\.AccessService\/GetSession$/);
  expect(line).toContain(test);
  expect([made.status, made.stderr]).toEqual([0, expect.stringMatching(/^note: no server asks for tokens/)]);
  const { stdout } = await stowage("list", "--data", data);
  const [titles, row] = stdout.split("\n");
  expect(titles).toMatch(/^ID +NAME +ROLE +STORES +NAMESPACES +EXPIRES +LAST USED +REVOKED$/);
  expect(row).toMatch(/^[0-9a-f]{12} {2}ci +reader +\* +k8s\.io +20\d\d-\S+Z +- +-$/);
  const none = await stowage("revoke", "cd", "--data", data);
  const said = 'stowage: token: there is no token "cd"; token list shows them\n';
  expect([none.status, none.stderr, none.stdout]).toEqual([2, said, ""]);
});

test("who reads the token and no further, as head -1 does, ends nothing", async () => {
  const data = await makeTempDir();
  const child = spawn(process.execPath, [main, "token", "create", "ci", "--role", "reader", "--data", data]);
  child.stdout.destroy();
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [status] = await once(child, "close");
  expect([status, said]).toEqual([0, expect.stringMatching(/^note: no server asks for tokens[^\n]*\n$/)]);
});

test("a token is revoked by its id or its name, and its name is free then", async () => {
  const place = { root: await makeTempDir(), hasAuth: true };
  const list = runTokenCommand({ kind: "list" }, place);
  await expect(list).rejects.toThrow(`token: there are none in ${place.root}; name the data directory with --data DIR`);
  const draft = { name: "ci", role: "reader", stores: "*", namespaces: "*" } as const;
  const { notes } = await runTokenCommand({ kind: "create", draft }, place);
  expect(notes).toEqual([]);
  await expect(runTokenCommand({ kind: "create", draft }, place)).rejects.toThrow(
    "token: there is a valid token of the name ci already; revoke it first, or choose another name",
  );
  const { lines } = await runTokenCommand({ kind: "revoke", named: "ci" }, place);
  expect(lines).toEqual([expect.stringMatching(/^revoked ci \([0-9a-f]{12}\)$/)]);
  await runTokenCommand({ kind: "create", draft }, place);
});

test("the line that tries a token goes where the server is found", async () => {
  const root = await makeTempDir();
  const draft = { name: "ci", role: "reader", stores: "*", namespaces: "*" } as const;
  const tryIt = async (name: string, more: object = {}) => {
    const command = { kind: "create", draft: { ...draft, name } } as const;
    const { lines } = await runTokenCommand(command, { root, hasAuth: true, ...more });
    return lines[1];
  };
  await writeFile(join(root, "server.txt"), "stowage ready https://0.0.0.0:3443 unix:stowage.sock\n");
  expect(await tryIt("a")).toContain(" https://127.0.0.1:3443/stowage.v1.");
  expect(await tryIt("b", { publicUrl: "https://stowage.example" })).toContain(" https://stowage.example/stowage.v1.");
});

test("what is said wrong is told in one line", () => {
  const parse = (...argv: readonly string[]) => parseTokenCommand(argv, {});
  const wrong: readonly [argv: readonly string[], text: RegExp][] = [
    [[], /one of create, list and revoke is needed/],
    [["make"], /there is no make/],
    [["create"], /create needs a NAME/],
    [["create", "ci"], /create needs a --role/],
    [["create", "ci", "--role", "root"], /"root" is no role; there are reader, auditor, operator, admin/],
    [["create", "ci", "--role", "reader", "--expires", "30"], /needs a unit/],
    [["create", "ci", "--role", "reader", "--namespace", "*", "--namespace", "n"], /\* stands alone/],
    [["revoke"], /revoke needs an ID or a NAME/],
    [["revoke", "a", "b"], /b is one word too many/],
    [["list", "--role", "reader"], /list takes no --role/],
    [["list", "--what"], /Unknown option '--what'/],
  ];
  for (const [argv, text] of wrong) {
    expect(() => parse(...argv)).toThrow(text);
    expect(() => parse(...argv)).toThrow(/^token: [^\n]+; token --help lists what there is$/);
  }
});

test("flags go before their variables, and a duration is counted from now", () => {
  const now = new Date("2026-11-29T12:00:00Z");
  const env = { STOWAGE_DATA: "/srv/a", STOWAGE_CONFIG: "" };
  const argv = [
    "create",
    "ci",
    "--role",
    "operator",
    "--store",
    "a",
    "--store",
    "b",
    "--expires",
    "1d",
    "--data",
    "/srv/b",
  ];
  expect(parseTokenCommand(argv, env, now)).toEqual({
    kind: "create",
    draft: {
      name: "ci",
      role: "operator",
      stores: ["a", "b"],
      namespaces: "*",
      expiresAt: new Date("2026-11-30T12:00:00Z"),
    },
    data: "/srv/b",
  });
  expect(parseTokenCommand(["list"], env, now)).toEqual({ kind: "list", data: "/srv/a" });
  expect(parseTokenCommand(["create", "--help"], env)).toEqual({ kind: "help" });
});
