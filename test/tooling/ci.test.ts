import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { root } from "../../scripts/setup/paths.mjs";

test.each([
  ["tests that pass", "echo '3 passed, 0 failed'", "3 passed, 0 failed", 0],
  ["tests that fail", "echo '2 passed, 1 failed'; echo 'npm error code 1' >&2; exit 1", "2 passed, 1 failed", 1],
  ["a check that fails before any test", "echo 'check: wrong: lock file'; exit 1", "0 passed, 1 failed", 1],
  ["a run that is killed", "kill -KILL $$", "0 passed, 1 failed", 137],
  ["a run without tests", "true", "0 passed, 1 failed", 1],
  ["words that only look like the last line", "echo 'x 3 passed, 0 failed'", "0 passed, 1 failed", 1],
])("the last line and the exit code tell of %s", async (_, npm, closing, code) => {
  const folder = await mkdtemp(join(tmpdir(), "stowage-ci-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "bin"));
  await writeFile(join(folder, "bin", "npm"), `#!/bin/sh\n[ "$1 $PWD" = "test ${folder}" ] || exit 9\n${npm}\n`, {
    mode: 0o755,
  });
  await cp(join(root, ".ci"), join(folder, ".ci"), { recursive: true });

  const env = { ...process.env, PATH: `${join(folder, "bin")}${delimiter}${process.env["PATH"]}` };
  const { status, stdout } = spawnSync(join(folder, ".ci", "run"), { cwd: tmpdir(), env, encoding: "utf8" });

  expect(stdout.trimEnd().split("\n").at(-1)).toBe(closing);
  expect(status).toBe(code);
});
