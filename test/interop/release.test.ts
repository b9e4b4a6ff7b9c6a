import { createHash } from "node:crypto";
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { packRelease } from "../../scripts/release/pack.mjs";
import { version } from "../../server/server.ts";
import { createCtr } from "../support/ctr.ts";
import { startDaemon } from "../support/daemon.ts";
import { brokenLinks } from "../support/links.ts";
import { run } from "../support/run.ts";
import { makeTempDir } from "../support/temp-dir.ts";

/** Most bytes of the release: who has a Node downloads no more. */
const maxBytes = 8_000_000;

let folder: string;
let archive: string;
/** Where it is unpacked. */
let home: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stowage-release-"));
  archive = await packRelease(folder, false);
  const { status, stderr } = await run("tar", ["-xzf", archive, "-C", folder]);
  if (status !== 0) throw new Error(`tar: ${stderr}`);
  home = join(folder, `stowage-${version}`);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const hashOf = async (path: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode;

test("the release starts with nothing but a Node, takes an ingest, shows its page, and is backed up while it runs", async () => {
  const data = join(folder, "data");
  const program = join(folder, "links", "stowage");
  await mkdir(dirname(program));
  await symlink(join("..", `stowage-${version}`, "bin", "stowage"), program);
  const path = [dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter);
  const args = ["-i", `PATH=${path}`, program, "--listen", "127.0.0.1:0", "--data", data];
  const { daemon, ready: url } = await startDaemon("env", args, (output) => /^stowage ready (\S+)/m.exec(output)?.[1]);
  onTestFinished(() => daemon.kill("SIGKILL"));
  const ctr = createCtr(join(data, "stowage.sock"));
  expect(await ctr(["content", "ingest", "hello"], { input: "hello\n" })).toMatchObject({ status: 0 });
  expect((await ctr(["content", "ls"])).stdout).toMatch(/^sha256:5891b5b5\S+\s+6B/m);
  const page = await fetch(`${url}/content`);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("<html")]);
  expect((await fetch(`${url}/metrics`)).status).toBe(200);
  expect((await run(program, ["--version"], { env: { PATH: path } })).stdout).toBe(`${version}\n`);

  const healthcheck = join(home, "deploy", "healthcheck.mjs");
  expect(await run(process.execPath, [healthcheck, data])).toEqual({ status: 0, stdout: "", stderr: "" });

  const copy = join(folder, "copy");
  const backup = join(home, "deploy", "backup.mjs");
  expect(await run(process.execPath, [backup, data, copy])).toMatchObject({
    status: 0,
    stdout: `1 blobs copied into ${copy}\n`,
  });
  expect((await run(process.execPath, [backup, data, copy])).stdout).toBe(`0 blobs copied into ${copy}\n`);
  for (const name of ["audit.db", "metadata.db"])
    expect(await modeOf(join(copy, name))).toBe(await modeOf(join(data, name)));
  expect(await run(process.execPath, [backup, data, join(archive, "copy")])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^backup: ENOTDIR: .*\n$/),
  });
  const second = await startDaemon(
    "env",
    [...args.slice(0, -1), copy],
    (output) => /^stowage ready/m.exec(output)?.[0],
  );
  onTestFinished(() => second.daemon.kill("SIGKILL"));
  const digest = "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
  expect((await createCtr(join(copy, "stowage.sock"))(["content", "get", digest])).stdout).toBe("hello\n");

  const { size } = await stat(archive);
  process.stdout.write(`release: ${(size / 1e6).toFixed(1)} MB\n`);
  expect(size).toBeLessThan(maxBytes);
  await daemon.kill("SIGTERM");
  expect(await run(process.execPath, [healthcheck, data])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^healthcheck: ENOENT: .*\n$/),
  });

  const tools = ["next", "react", "typescript", "vitest", "@connectrpc/connect-web"];
  const there = await Promise.all(
    tools.map((name) =>
      access(join(home, "node_modules", name)).then(
        () => name,
        () => "",
      ),
    ),
  );
  expect(there.filter((name) => name !== "")).toEqual(["@connectrpc/connect-web"]);
  await expect(access(join(home, "LICENSE"))).resolves.toBeUndefined();
  expect(await readFile(join(home, "LICENSES-OF-OTHERS.txt"), "utf8")).toMatch(/^react 19/m);
});

test("no link of the release's pages leads to what it does not have", async () => {
  const docs = (await readdir(join(home, "docs"))).filter((name) => name.endsWith(".md"));
  expect(docs).toContain("deploy.md");
  expect(await brokenLinks(home, ["README.md", ...docs.map((name) => `docs/${name}`)])).toEqual([]);
});

test("what the page says to type for systemd puts the release where the unit starts it", async () => {
  const page = await readFile(join(home, "docs", "deploy.md"), "utf8");
  const shown =
    /## With systemd[\s\S]*?```sh\n(?<lines>[\s\S]*?)systemctl daemon-reload/.exec(page)?.groups?.["lines"] ?? "";
  const root = await makeTempDir();
  await mkdir(join(root, "opt"));
  await mkdir(join(root, "etc", "systemd", "system"), { recursive: true });
  const typed = shown
    .replaceAll("-linux-x64", "")
    .replaceAll(" && systemd-sysusers", "")
    .replaceAll(/(?<= )(?=\/(?:etc|opt)\b)/g, root);
  expect(await run("sh", ["-ec", typed], { cwd: folder })).toEqual({ status: 0, stdout: "", stderr: "" });
  const unit = await readFile(join(root, "etc", "systemd", "system", "stowage.service"), "utf8");
  const program = /^ExecStart=(?<path>\S+)/m.exec(unit)?.groups?.["path"] ?? "";
  const env = { PATH: [dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter) };
  expect((await run(join(root, program), ["--version"], { env })).stdout).toBe(`${version}\n`);
  const user = /^User=(?<name>\S+)/m.exec(unit)?.groups?.["name"];
  expect(await readFile(join(root, "etc", "sysusers.d", "stowage.conf"), "utf8")).toMatch(`u ${user} `);
});

test("the same files make the same release, and without a Node that will do its start says so in one line", async () => {
  const again = await makeTempDir();
  expect(await hashOf(await packRelease(again, false))).toBe(await hashOf(archive));

  const programs = join(folder, "programs");
  await mkdir(programs);
  for (const name of ["sh", "dirname", "readlink"]) await symlink(join("/usr/bin", name), join(programs, name));
  const start = () => run(join(home, "bin", "stowage"), [], { env: { PATH: programs } });
  expect(await start()).toEqual({
    status: 1,
    stdout: "",
    stderr: expect.stringMatching(/^stowage: needs Node 26 .*no node.*\n$/),
  });
  await writeFile(join(programs, "node"), '#!/bin/sh\n[ "$1" = -p ] && echo 18 || echo v18.20.0\n');
  await chmod(join(programs, "node"), 0o755);
  expect(await start()).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^stowage: needs Node 26 .*v18\.20\.0.*\n$/),
  });

  const own = join(home, "node", "bin");
  await mkdir(own, { recursive: true });
  onTestFinished(() => rm(join(home, "node"), { recursive: true }));
  await writeFile(join(own, "node"), "#!/bin/sh\necho 'cannot open libatomic.so.1' >&2\nexit 127\n", { mode: 0o755 });
  expect(await start()).toEqual({
    status: 1,
    stdout: "",
    stderr:
      "stowage: its Node does not start: cannot open libatomic.so.1\nstowage: on Debian, apt-get install libatomic1\n",
  });
});
