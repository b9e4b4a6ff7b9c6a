import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeDigest } from "../../../content/parse-digest.ts";
import { createReportFile } from "../../../server/compare/report-file.ts";
import type { ReportRow } from "../../../server/compare/report-job.ts";
import { run } from "../../support/run.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

/** So many rows in the order of digests. */
function rowsOf(count: number): readonly ReportRow[] {
  return Array.from({ length: count }, (_, index) => {
    const digest = makeDigest("sha256", index.toString(16).padStart(64, "0"));
    return { part: "both", digest, size: index, at: 0, rank: 0, kind: "unknown" };
  });
}

test("a disk that has no room for a report is told as that, and so is a folder that is not there", async () => {
  const disk = join(await makeTempDir(), "disk");
  await mkdir(disk);
  const mounted = await run("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]);
  if (mounted.status !== 0)
    throw new Error(`mounting a small disk needs root: sudo npm test (${mounted.stderr.trim()})`);
  onTestFinished(async () => void (await run("umount", ["-l", disk])));
  const file = createReportFile(join(disk, "report.db"));
  onTestFinished(async () => await file[Symbol.asyncDispose]());
  await expect(file.ask("add", rowsOf(50_000))).rejects.toMatchObject({
    kind: "resource-exhausted",
    message: "no space left for the report",
  });
  const nowhere = createReportFile(join(disk, "missing", "report.db"));
  onTestFinished(async () => await nowhere[Symbol.asyncDispose]());
  await expect(nowhere.ask("weigh", undefined)).rejects.toThrow("unable to open database file");
  await expect(nowhere.ask("weigh", undefined)).rejects.toThrow("unable to open database file");
});
