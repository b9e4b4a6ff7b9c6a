import { expect, onTestFinished, test } from "vitest";
import { openAuditDatabase } from "../../../server/audit/database.ts";
import { createRecorder } from "../../../server/audit/recorder.ts";
import { auditQueries } from "../../../server/audit/schema.ts";
import { createLog } from "../../support/log.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

test("what the disk refuses waits for it, and what found no place then is recorded as a number", async () => {
  const database = await openAuditDatabase(await makeTempDir());
  const { logger, lines } = createLog();
  const timing = { groupMs: 1, groupEvents: 50, waiting: 100, retryMs: 20 };
  const recorder = createRecorder(database, logger, timing);
  onTestFinished(async () => {
    await recorder[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });
  const { connection } = database;
  // A database that may not grow is refused what it wants, as on a full disk.
  connection.exec("PRAGMA max_page_count = 1");
  const record = (from: number, to: number) => {
    for (let index = from; index < to; index++) recorder.record({ act: "write", name: `${index}-${"x".repeat(1000)}` });
  };
  record(0, 150);
  await expect
    .poll(() => lines.filter(({ msg }) => msg?.startsWith("the audit could not be written")).length)
    .toBeGreaterThan(1);
  expect(recorder.range.last).toBeLessThanOrEqual(50);
  connection.exec("PRAGMA max_page_count = 1000000");
  await expect.poll(() => recorder.range.last).toBe(101);
  const rows = connection.all(auditQueries.selectFrom("event").select(["act", "more", "name"]).orderBy("id"));
  expect(rows[0]).toMatchObject({ act: "gap", more: 50 });
  expect(recorder.lost).toBe(50);
  expect(rows.slice(1).map(({ name }) => Number.parseInt(name, 10))).toEqual(
    Array.from({ length: 100 }, (_, at) => at),
  );
});
