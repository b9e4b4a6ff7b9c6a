import { onTestFinished } from "vitest";
import type { AuditEvent } from "../../../content/audit.ts";
import type { Audit, AuditOptions } from "../../../server/audit/audit.ts";
import { openAudit } from "../../../server/audit/audit.ts";
import { compileEvents } from "../../../server/audit/select.ts";
import { now } from "../../../server/clock.ts";
import { createLog } from "../../support/log.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

/** Keeps everything. */
export const noLimits = { maxAgeDays: 0, maxEvents: 1_000_000, maxBytes: 2 ** 40 };

/** An audit for one test; it is closed with the test. */
export async function openTestAudit(options: Partial<AuditOptions> = {}): Promise<Audit> {
  const root = options.root ?? (await makeTempDir());
  const audit = await openAudit({ root, limits: noLimits, logger: createLog().logger, ...options });
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    await audit[Symbol.asyncDispose]();
  };
  onTestFinished(close);
  return { ...audit, [Symbol.asyncDispose]: close };
}

/** Everything of a query, newest first, once all that was recorded is on disk. */
export async function eventsOf(audit: Audit, query = ""): Promise<readonly AuditEvent[]> {
  await audit.flush();
  const condition = compileEvents({ query, namespaces: "*", stores: "*" }, now());
  const batches = await Array.fromAsync(audit.reader.newest(audit.range, condition, Number.POSITIVE_INFINITY));
  return batches.flat();
}
