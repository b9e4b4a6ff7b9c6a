import { expect, onTestFinished, test } from "vitest";
import { openMetadata } from "../../../server/metadata/sqlite.ts";
import { createMemoryStore } from "../../../server/stores/memory/store.ts";
import { createLog } from "../../support/log.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { digestOf, put } from "./support.ts";

const orphanSearch = { delayMs: 1, batch: 2, restMs: 1 };

test("blobs that no namespace holds are reported once, with what they take, and are left alone", async () => {
  const root = await makeTempDir();
  const below = createMemoryStore();
  const first = await openMetadata({ root, below, logger: createLog().logger });
  for (const text of ["one", "two", "three"]) await put(first, "a", text);
  await first[Symbol.asyncDispose]();
  const writer = await below.writer({ ref: "by hand" });
  await writer.write(Buffer.from("nobody's"));
  await writer.commit();

  const log = createLog();
  const metadata = await openMetadata({ root, below, logger: log.logger, orphanSearch });
  onTestFinished(() => metadata[Symbol.asyncDispose]());
  const reports = () => log.lines.filter(({ msg }) => msg === "blobs that no namespace holds");
  await expect.poll(reports).toMatchObject([{ count: 1, bytes: 8, digests: [digestOf("nobody's")] }]);
  expect(await Array.fromAsync(below.walk())).toHaveLength(4);
});
