import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { onTestFinished } from "vitest";
import { root } from "../../scripts/setup/paths.mjs";

/** A small project of its own that is set up by the real scripts. */
export interface SetupProject {
  path(name: string): string;
  write(name: string, content: string): Promise<void>;
  /** Put a shell script before the system's program of that name. */
  program(name: string, script: string): Promise<void>;
  /** A file's content; absent where there is none. */
  read(name: string): Promise<string | undefined>;
  /** Start the set-up; it is killed when the test ends. */
  start(...steps: string[]): Setup;
}

/** A set-up that runs. */
export interface Setup {
  readonly child: ChildProcess;
  /** All it printed so far. */
  output(): string;
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

const manifest = { name: "project", version: "1.0.0", dependencies: { builder: "file:builder" } };

const bin = { next: "next.mjs", node: "node.sh" };

const builderManifest = { name: "builder", version: "1.0.0", bin };

const lock = {
  name: "project",
  version: "1.0.0",
  lockfileVersion: 3,
  requires: true,
  packages: {
    "": manifest,
    builder: { version: "1.0.0", bin },
    "node_modules/builder": { resolved: "builder", link: true },
  },
};

/**
 * Make a project in a temporary folder whose only package has the programs that build its pages.
 *
 * @param build what that program does; it notes each of its runs in the file `builds`, and gives `out/index.html`
 */
export async function makeSetupProject(build = ""): Promise<SetupProject> {
  const folder = await mkdtemp(join(tmpdir(), "stowage-setup-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const path = (name: string): string => join(folder, name);
  await cp(join(root, "scripts"), path("scripts"), { recursive: true });
  await mkdir(path("builder"));
  await mkdir(path("bin"));
  await writeFile(path("package.json"), JSON.stringify(manifest));
  await writeFile(path("package-lock.json"), JSON.stringify(lock));
  await writeFile(path("builder/package.json"), JSON.stringify(builderManifest));
  await writeFile(path("builder/next.mjs"), builder(build), { mode: 0o755 });
  await writeFile(path("builder/node.sh"), node, { mode: 0o755 });
  return {
    path,
    write: (name, content) => writeFile(path(name), content),
    program: (name, script) => writeFile(path(`bin/${name}`), `#!/bin/sh\n${script}\n`, { mode: 0o755 }),
    read: (name) => readFile(path(name), "utf8").catch(() => undefined),
    start: (...steps) => startSetup(folder, steps),
  };
}

/** The Node that comes with the packages. The script of the page's worker is made of files that this project does not have. */
const node = `#!/bin/sh
case "$1" in
  */hash-worker.mjs) echo > "$2/hash-worker.js" ;;
  *) exec "${process.execPath}" "$@" ;;
esac
`;

function builder(build: string): string {
  return `#!/usr/bin/env node
    import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
    appendFileSync("builds", process.pid + "\\n");
    ${build}
    mkdirSync("out", { recursive: true });
    writeFileSync("out/index.html", "<script>one()</script>");
  `;
}

function startSetup(folder: string, steps: readonly string[]): Setup {
  const env = { ...process.env, PATH: [join(folder, "bin"), process.env["PATH"]].join(delimiter) };
  const script = join(folder, "scripts", "setup.mjs");
  const child = spawn(process.execPath, [script, ...steps], { env, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return { child, output: () => output, ended: new Promise((resolve) => child.once("close", resolve)) };
}
