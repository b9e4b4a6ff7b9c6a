import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { programs, root } from "../../scripts/setup/paths.mjs";

test.each([
  ["passed tests", 'test("a", () => {}); test("b", () => {});', "2 passed, 0 failed"],
  ["a failed test", 'test("a", () => {}); test("b", () => expect(1).toBe(2));', "1 passed, 1 failed"],
  ["a file that cannot be read", 'test("a", () => {}); throw new Error("broken");', "0 passed, 1 failed"],
  ["a file without tests", "", "0 passed, 1 failed"],
  [
    "a suite whose preparation fails",
    'test("a", () => {}); describe("s", () => { beforeAll(() => { throw new Error("broken"); }); test("b", () => {}); });',
    "1 passed, 1 failed",
  ],
  [
    "an error outside of every test",
    'test("a", () => {}); setImmediate(() => { throw new Error("stray"); }); test("b", () => new Promise(setImmediate));',
    "2 passed, 1 failed",
  ],
])("the last line of a run counts %s", async (_, content, closing) => {
  const { lines, code } = await runVitest(content);
  expect(lines.at(-1)).toBe(closing);
  expect(lines.filter((line) => /\d passed, \d failed/.test(line))).toHaveLength(1);
  expect(code === 0).toBe(closing.endsWith(" 0 failed"));
});

test("the last line comes after what vitest tells by itself", async () => {
  const { lines } = await runVitest('test("adds", () => expect(1).toBe(2));');
  expect(lines.findIndex((line) => line.includes("adds"))).toBeGreaterThanOrEqual(0);
  expect(lines.findIndex((line) => line.includes("Test Files"))).toBeLessThan(lines.length - 1);
});

/** Run one file of tests in a folder of its own, with the project's reporter. */
async function runVitest(content: string): Promise<{ lines: readonly string[]; code: number }> {
  const folder = await mkdtemp(join(tmpdir(), "stowage-reporter-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "test"));
  await writeFile(join(folder, "test", "some.test.js"), content);
  const reporter = `--reporter=${join(root, "test", "reporter.ts")}`;
  const args = ["run", "--root", folder, "--globals", reporter];
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "", VITEST: "" };
  return new Promise((resolve) => {
    execFile(join(programs, "vitest"), args, { env }, (error, stdout) => {
      resolve({ lines: stdout.trimEnd().split("\n"), code: Number(error?.code ?? 0) });
    });
  });
}
