import { spawnSync } from "node:child_process";
import { chmod, mkdir, rm } from "node:fs/promises";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { run } from "../support/run.ts";
import type { SetupProject } from "./setup-project.ts";
import { makeSetupProject } from "./setup-project.ts";

const patience = { timeout: 30_000, interval: 20 };

/** Run the steps to their end. */
async function setUp(project: SetupProject, ...steps: string[]): Promise<{ code: number | null; output: string }> {
  const setup = project.start(...steps);
  const code = await setup.ended;
  return { code, output: setup.output() };
}

/** Process numbers of the builds so far. */
async function buildsOf(project: SetupProject): Promise<readonly number[]> {
  const lines = ((await project.read("builds")) ?? "").split("\n");
  return lines.filter((line) => line !== "").map(Number);
}

/** Root may write wherever others may not, but not where the file system is only read. */
async function closeToWriters(folder: string): Promise<void> {
  await chmod(folder, 0o555);
  if (process.getuid?.() !== 0) return;
  expect(await run("mount", ["--bind", folder, folder])).toMatchObject({ status: 0 });
  onTestFinished(async () => {
    await run("umount", ["-l", folder]);
  });
  expect(await run("mount", ["-o", "remount,ro,bind", folder])).toMatchObject({ status: 0 });
}

describe("set-up", () => {
  test("installs and builds, then says nothing until something changes", async () => {
    const project = await makeSetupProject();
    expect(await setUp(project, "dashboard")).toEqual({
      code: 0,
      output: "set-up: installing packages, a minute or two\nset-up: building the dashboard, a minute or two\n",
    });
    expect(await project.read("out/csp.json")).toContain('"/index.html":["\'sha256-');
    expect(await setUp(project, "dashboard")).toEqual({ code: 0, output: "" });

    await mkdir(project.path("app"));
    await project.write("app/page.tsx", "export default 1;");
    expect(await setUp(project, "dashboard")).toEqual({
      code: 0,
      output: "set-up: building the dashboard, a minute or two\n",
    });
    expect(await buildsOf(project)).toHaveLength(2);
  });

  test("installs anew when the lock changes, and not when a script of package.json does", async () => {
    const project = await makeSetupProject();
    expect((await setUp(project)).output).toContain("installing");
    const manifest = JSON.parse((await project.read("package.json")) ?? "");
    await project.write("package.json", JSON.stringify({ ...manifest, scripts: { start: "true" } }));
    expect((await setUp(project)).output).toBe("");
    await project.write("package-lock.json", `${await project.read("package-lock.json")}\n`);
    expect((await setUp(project)).output).toContain("installing");
  });

  test("builds anew where the pages are gone", async () => {
    const project = await makeSetupProject();
    await setUp(project, "dashboard");
    await rm(project.path("out"), { recursive: true });
    expect((await setUp(project, "dashboard")).output).toContain("building");
    expect(await project.read("out/index.html")).toBe("<script>one()</script>");
  });

  test("a build that fails from its cache is done once more without it", async () => {
    const project = await makeSetupProject('if (existsSync(".next")) process.exit(1);');
    await mkdir(project.path(".next"));
    const { code, output } = await setUp(project, "dashboard");
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("once more from nothing") });
    expect(await buildsOf(project)).toHaveLength(2);
  });

  test("a build that fails shows why, ends the set-up, and is tried again the next time", async () => {
    const project = await makeSetupProject('console.log("page.tsx is wrong"); process.exit(3);');
    const { code, output } = await setUp(project, "dashboard");
    expect(code).toBe(1);
    expect(output).toMatch(/page\.tsx is wrong\nset-up: .*next build ended with 3\n$/);
    expect(await buildsOf(project)).toHaveLength(1);
    await setUp(project, "dashboard");
    expect(await buildsOf(project)).toHaveLength(2);
  });

  test("a signal ends the build with it, and leaves the folder free", async () => {
    const project = await makeSetupProject("await new Promise(() => setInterval(() => {}, 1000));");
    const setup = project.start("dashboard");
    const build = await vi.waitFor(async () => {
      const [pid, ...more] = await buildsOf(project);
      expect(more).toEqual([]);
      if (pid === undefined) throw new Error("no build has begun");
      return pid;
    }, patience);
    setup.child.kill("SIGTERM");
    expect(await setup.ended).toBe(128 + 15);
    expect(() => process.kill(build, 0)).toThrow("ESRCH");
    expect(await project.read(".setup.lock")).toBeUndefined();
  });

  test("of two at once, one waits and finds everything done", async () => {
    const project = await makeSetupProject(
      'while (!existsSync("go")) await new Promise((next) => setTimeout(next, 20));',
    );
    const first = project.start("dashboard");
    await vi.waitFor(async () => expect(await buildsOf(project)).toHaveLength(1), patience);
    const second = project.start("dashboard");
    await vi.waitFor(() => expect(second.output()).toContain(`waiting for process ${first.child.pid}`), patience);
    await project.write("go", "");
    expect(await Promise.all([first.ended, second.ended])).toEqual([0, 0]);
    expect(await buildsOf(project)).toHaveLength(1);
  });

  test("what a dead set-up left does not keep the next one waiting", async () => {
    const project = await makeSetupProject();
    const { pid } = spawnSync("true");
    await project.write(".setup.lock", String(pid));
    expect(await setUp(project)).toEqual({ code: 0, output: expect.not.stringContaining("waiting") });
    expect(await project.read(".setup.lock")).toBeUndefined();
  });

  test("Debian packages are asked for only where one is missing", async () => {
    const project = await makeSetupProject();
    await project.program("dpkg-query", 'printf "install ok installed"');
    await project.program("apt-get", "echo $@ >> apt");
    await setUp(project);
    expect(await setUp(project, "system")).toEqual({ code: 0, output: "" });
    expect(await project.read("apt")).toBeUndefined();
  });

  test("root installs the Debian packages that are missing, others are told the command", async () => {
    const project = await makeSetupProject();
    await project.program("dpkg-query", '[ "$4" = strace ] || printf "install ok installed"');
    await project.program("apt-get", '[ "$1" = --version ] || echo $@ >> apt');
    await setUp(project);
    const { code, output } = await setUp(project, "system");
    expect(code).toBe(0);
    const install = "install -y --no-install-recommends strace\n";
    if (process.getuid?.() === 0) expect(await project.read("apt")).toBe(`update\n${install}`);
    else expect(output).toBe(`set-up: the tests need Debian packages that are missing here: sudo apt-get ${install}`);
  });

  test("a folder that cannot be written to is told in one line", async () => {
    const project = await makeSetupProject();
    await closeToWriters(project.path("."));
    const { code, output } = await setUp(project);
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringMatching(/^set-up: cannot write to \S+ \(E[A-Z]+\); run this as its owner, or .*\n$/),
    });
  });

  test("an old Node is told which one is needed", async () => {
    const project = await makeSetupProject();
    const old = 'data:text/javascript,Object.defineProperty(process.versions, "node", { value: "12.22.9" })';
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--import", old, project.path("scripts/setup.mjs"), "dashboard"],
      { encoding: "utf8" },
    );
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: "set-up: Node 18 or later is needed, and this is 12.22.9; https://nodejs.org/download has one\n",
    });
  });

  test("a step that there is not is refused by name", async () => {
    const project = await makeSetupProject();
    expect(await setUp(project, "dashbord")).toEqual({
      code: 1,
      output: "set-up: there is no step dashbord; there are dashboard and system\n",
    });
  });
});
