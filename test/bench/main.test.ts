import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { run } from "../support/run.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import type { Report } from "./report.ts";

// Every test starts processes, on a slow machine slowly.
vi.setConfig({ testTimeout: 120_000 });

const main = join(import.meta.dirname, "main.ts");

const bench = (...args: readonly string[]) => run(process.execPath, [main, ...args], { timeoutMs: 100_000 });

test("a directory is filled and measured, and the figures are written down", async () => {
  const data = await makeTempDir();
  const json = join(await makeTempDir(), "lists.json");
  expect(await bench("fill", "300", "--data", data)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^300 blobs in \d+ rows, \d+ bytes, in /),
    stderr: "",
  });
  const { status, stdout } = await bench("lists", "--data", data, "--json", json);
  expect(status).toBe(0);
  const report: Report = JSON.parse(await readFile(json, "utf8"));
  const names = report.measurements.map(({ name }) => name);
  for (const name of names) expect(stdout).toContain(name);
  expect(names).toContain("start to the ready line");
  expect(names).toContain("List regexp over labels: whole");
  expect(names).toContain("Info beside the heaviest List: slowest");
  for (const { values } of report.measurements) expect(values.every((value) => value >= 0)).toBe(true);
});

test("what cannot be measured is said in one line, with status 1", async () => {
  const empty = await makeTempDir();
  const noNumber = await bench("fill", "many", "--data", empty);
  expect([noNumber.status, noNumber.stdout]).toEqual([1, ""]);
  expect(noNumber.stderr).toMatch(/^bench: fill takes one number of blobs, .*\n$/);
  const noData = await bench("lists", "--data", empty);
  expect([noData.status, noData.stdout]).toEqual([1, ""]);
  expect(noData.stderr).toBe(
    `bench: ${empty} holds no data: fill it first, npm run bench -- fill 1000000 --data ${empty}\n`,
  );
  expect((await bench("unknown")).stderr).toMatch(/^bench: usage: /);
});
