import { expect, onTestFinished, test } from "vitest";
import { openAuditDatabase } from "../../../server/audit/database.ts";
import { createRecorder } from "../../../server/audit/recorder.ts";
import { createLog } from "../../support/log.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

test("what a disk did not take for good is asked for again, and told once it did", async () => {
  const { connection, ...database } = await openAuditDatabase(await makeTempDir());
  let isBroken = true;
  const sync = async (): Promise<void> => {
    if (isBroken) throw new Error("EIO: i/o error, fdatasync");
    await database.sync();
  };
  const { logger, text } = createLog();
  const timing = { groupMs: 1, groupEvents: 50, waiting: 100, retryMs: 20 };
  const recorder = createRecorder({ connection, sync }, logger, timing);
  onTestFinished(async () => {
    await recorder[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });
  const told: number[] = [];
  recorder.listen(() => told.push(recorder.range.last));
  recorder.record({ act: "delete", name: "one" });
  await expect.poll(text).toContain("could not be made durable; it is tried again");
  expect(told).toEqual([]);
  isBroken = false;
  await expect.poll(() => told).toEqual([1]);
});
