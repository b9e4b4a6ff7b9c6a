import type { CompareEvent, CompareReport } from "../../content/compare/report.ts";
import type { CompareTotals } from "../../content/compare.ts";
import { compare } from "../../content/compare.ts";
import { ContentError, throwIfCancelled } from "../../content/errors.ts";
import { now } from "../clock.ts";
import type { ComparedNames } from "./names.ts";
import { compareNames } from "./names.ts";
import { rankByLabels } from "./rank.ts";
import type { ReportFile } from "./report-file.ts";
import type { ReportRow } from "./report-job.ts";
import type { KeptReport, Reports } from "./reports.ts";
import { storesOf } from "./side.ts";
import { ticking } from "./ticking.ts";

/** Rows that are written at once. */
const rowsAtOnce = 1000;

const nothing: CompareTotals = {
  "only-a": { blobs: 0, bytes: 0 },
  both: { blobs: 0, bytes: 0 },
  "only-b": { blobs: 0, bytes: 0 },
};

/**
 * Compare two sides, tell how far that is, and at last the report, which is kept then.
 *
 * @throws as Compare in proto/stowage/v1/compare.proto says
 */
export async function* runCompare(
  reports: Reports,
  { owner, sides }: Pick<KeptReport, "owner" | "sides">,
  signal: AbortSignal,
): AsyncGenerator<CompareEvent, void, undefined> {
  let totals = nothing;

  async function work(either: AbortSignal): Promise<CompareReport> {
    const { id, file } = await reports.begin();
    const drop = (): void => void file[Symbol.asyncDispose]();
    either.addEventListener("abort", drop, { once: true });
    try {
      throwIfCancelled(either);
      const at = now();
      const names = await compareNames(sides.a, sides.b, either);
      for await (const told of countBlobs(sides, file, reports.limits.blobs, either)) totals = told;
      await writeNames(file, names);
      await file.ask("seal", undefined);
      const facts: CompareReport = {
        ...{ id, totals },
        asOf: { a: at, b: at },
        namespaces: { a: sides.a.namespaces, b: sides.b.namespaces },
        ...(names && { images: names.counts }),
      };
      await reports.keep({ owner, sides, facts, file });
      return facts;
    } catch (error) {
      await file[Symbol.asyncDispose]();
      throw error;
    } finally {
      either.removeEventListener("abort", drop);
    }
  }

  const report = yield* ticking(work, (): CompareEvent => ({ kind: "progress", totals }), signal);
  yield { kind: "report", report };
}

/** Writes down where each blob is. Tells the totals after each piece, and once all are there. */
async function* countBlobs(
  { a, b }: KeptReport["sides"],
  file: ReportFile,
  most: number,
  signal: AbortSignal,
): AsyncGenerator<CompareTotals, void, undefined> {
  const comparison = compare(storesOf(a), storesOf(b), { names: { a: a.label, b: b.label }, signal });
  let rows: ReportRow[] = [];
  let count = 0;
  let written: Promise<unknown> = Promise.resolve();
  for await (const { part, info, at } of comparison) {
    rows.push({ part, digest: info.digest, size: info.size, at, rank: rankByLabels(info.labels) });
    if (rows.length < rowsAtOnce) continue;
    count += rows.length;
    if (count > most) throw new ContentError("resource-exhausted", `both sides have more than ${most} blobs together`);
    // One piece is written while the next is read, and never more.
    await written;
    written = file.ask("add", rows);
    written.catch(() => undefined);
    rows = [];
    yield comparison.totals;
  }
  await written;
  await file.ask("add", rows);
  yield comparison.totals;
}

async function writeNames(file: ReportFile, names: ComparedNames | undefined): Promise<void> {
  const all = names?.otherDigests ?? [];
  for (let from = 0; from < all.length; from += rowsAtOnce) {
    await file.ask("names", all.slice(from, from + rowsAtOnce));
  }
}
