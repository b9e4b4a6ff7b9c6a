import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { version } from "../../server/server.ts";
import type { Ctr } from "../support/ctr.ts";
import { createCtr } from "../support/ctr.ts";
import type { Stowage } from "../support/stowage.ts";
import { startStowage } from "../support/stowage.ts";
import { makeTempDir } from "../support/temp-dir.ts";

/** A module with a service that does not open, and one that needs it. */
const brokenModule = `
export const plugins = ({ z }) => [
  {
    type: "service",
    id: "broken",
    requires: [],
    config: z.strictObject({}),
    open: async () => { throw new Error("cannot read /etc/broken: no such file"); },
  },
  { type: "service", id: "needy", requires: [{ type: "service", id: "broken" }], config: z.strictObject({}), open() {} },
];`;

/** Run a command that is to succeed. @returns what it printed */
async function done(ctr: Ctr, ...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await ctr(args);
  expect(status, `ctr ${args.join(" ")}: ${stderr}`).toBe(0);
  return stdout;
}

test("ctr version tells our version and the UUID of the data directory, also after a restart", async () => {
  const stowage = await startStowage();
  const ctr = createCtr(stowage.socket);
  const uuid = (await readFile(join(stowage.data, "uuid"), "utf8")).trim();
  const server = new RegExp(`Server:\\n +Version: +${version}\\n +Revision: .*\\n +UUID: ${uuid}\\n`);
  expect(await done(ctr, "version")).toMatch(server);
  await stowage.kill("SIGTERM");
  await stowage.restart();
  expect(await done(ctr, "version")).toMatch(server);
});

test("ctr plugins ls tells what works, what failed and why, and what is turned off; the server does without", async () => {
  const folder = await makeTempDir();
  const module = join(folder, "broken.mjs");
  await writeFile(module, brokenModule);
  await chmod(module, 0o644);
  const config = `modules = [${JSON.stringify(module)}]\n[services.namespaces]\nenabled = false\n`;
  const stowage = await startStowage([], config);
  const ctr = createCtr(stowage.socket);
  const all = await done(ctr, "plugins", "ls");
  for (const line of ["store +local", "metadata +sqlite", "service +content", "listener +http"]) {
    expect(all).toMatch(new RegExp(`^${line} +- +ok *$`, "m"));
  }
  expect(all).toMatch(/^service +broken +- +error *$/m);
  expect(all).toMatch(/^service +needy +- +error *$/m);
  expect(all).toMatch(/^service +namespaces +- +skip *$/m);
  const detailed = await done(ctr, "plugins", "ls", "--detailed", "id~=broken|needy");
  expect(detailed).toMatch(/Message: +cannot read \(path\): no such file/);
  expect(detailed).toMatch(/Message: +it requires service\/broken, which failed: cannot read \(path\)/);
  expect(stowage.log()).toMatch(/"plugin":"service\/broken","reason":"cannot read \/etc\/broken: no such file"/);
  expect(await done(ctr, "plugins", "ls", "--quiet", "type==store")).toBe("local\n");
  expect((await ctr(["namespaces", "ls"])).stderr).toContain(
    "unknown service containerd.services.namespaces.v1.Namespaces",
  );
  expect(await ctr(["content", "ingest", "still"], { input: "works" })).toMatchObject({ status: 0 });
});

/** A `ctr events` that has subscribed. */
async function watchEvents(stowage: Stowage, ctr: Ctr, ...filters: readonly string[]) {
  const child = spawn("ctr", ["--address", stowage.socket, "events", ...filters], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (printed += text));
  let turn = 0;
  // Only what happens once it listens is heard.
  await expect
    .poll(
      async () => {
        await done(ctr, "namespaces", "create", `probe-${(turn += 1)}`);
        return printed;
      },
      { interval: 200 },
    )
    .toMatch(/\/namespaces\/create \{"name":"probe-/);
  return () => printed.replaceAll(/^.*"probe-.*\n/gm, "");
}

test("ctr events tells of content and namespaces as they come, change and go, in order", async () => {
  const stowage = await startStowage();
  const ctr = createCtr(stowage.socket);
  const heard = await watchEvents(stowage, ctr);
  const team = ["--namespace", "team"];
  await done(ctr, "namespaces", "create", "team", "owner=mei");
  await ctr([...team, "content", "ingest", "one"], { input: "hello\n" });
  const digest = "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
  await done(ctr, "namespaces", "label", "team", "owner=lin");
  await done(ctr, ...team, "content", "rm", digest);
  await done(ctr, "namespaces", "rm", "team");
  await expect.poll(heard).toMatch(/namespaces\/delete/);
  const lines = heard().trimEnd().split("\n");
  expect(lines).toEqual([
    expect.stringMatching(
      /^\S+ \S+ \+0000 UTC team \/namespaces\/create \{"name":"team","labels":\{"owner":"mei"\}\}$/,
    ),
    // 1.6 does not know of this one, and goes on.
    expect.stringContaining("type with url containerd.events.ContentCreate: not found"),
    expect.stringContaining('team /namespaces/update {"name":"team","labels":{"owner":"lin"}}'),
    expect.stringContaining(`team /content/delete {"digest":"${digest}"}`),
    expect.stringContaining('team /namespaces/delete {"name":"team"}'),
  ]);
});

test("ctr events tells only of what passes its filters", async () => {
  const stowage = await startStowage();
  const ctr = createCtr(stowage.socket);
  const heard = await watchEvents(stowage, ctr, 'topic=="/content/delete"', 'event.name~="^(?:probe-|last)"');
  await ctr(["content", "ingest", "one"], { input: "hello\n" });
  const digest = "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
  await done(ctr, "content", "rm", digest);
  await done(ctr, "namespaces", "create", "other");
  await done(ctr, "namespaces", "create", "last");
  await expect.poll(heard).toContain('"last"');
  expect(heard().trimEnd().split("\n")).toEqual([
    expect.stringContaining("/content/delete"),
    expect.stringContaining('/namespaces/create {"name":"last"}'),
  ]);
});
