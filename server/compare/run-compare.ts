import type { CompareEvent, CompareReport } from "../../content/compare/report.ts";
import type { CompareTotals } from "../../content/compare.ts";
import { compare } from "../../content/compare.ts";
import type { Digest } from "../../content/digest.ts";
import { ContentError, throwIfCancelled } from "../../content/errors.ts";
import type { DocumentKind } from "../../content/references.ts";
import { documentKind, saidByLabels } from "../../content/references.ts";
import { now } from "../clock.ts";
import type { Documents } from "./kinds.ts";
import { createDocuments } from "./kinds.ts";
import type { ComparedNames, SideImages } from "./names.ts";
import { compareNames, imagesOf } from "./names.ts";
import { rankByLabels } from "./rank.ts";
import type { ReportFile } from "./report-file.ts";
import type { ReportRow, SaidKind } from "./report-job.ts";
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
      const images = await Promise.all([imagesOf(sides.a, either), imagesOf(sides.b, either)]);
      const names = compareNames(...images);
      const targets = targetsOf(images);
      const documents = createDocuments();
      const counted = countBlobs({ sides, file, targets, documents, most: reports.limits.blobs }, either);
      for await (const told of counted) totals = told;
      await file.ask(
        "kinds",
        [...targets].map(([digest, kind]) => ({ digest, kind, isRead: false })),
      );
      for await (const said of documents.read(either)) await file.ask("kinds", said);
      await writeNames(file, names);
      const kinds = await file.ask("seal", undefined);
      const facts: CompareReport = {
        id,
        totals,
        kinds,
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

/** What images stand for, as they name it. */
function targetsOf(images: readonly SideImages[]): ReadonlyMap<Digest, DocumentKind> {
  const targets = new Map<Digest, DocumentKind>();
  for (const { image } of images.flatMap((each) => [...(each?.values() ?? [])])) {
    const { digest, mediaType } = image.target;
    const kind = documentKind(mediaType);
    if (kind !== undefined) targets.set(digest, kind);
  }
  return targets;
}

interface Counting {
  readonly sides: KeptReport["sides"];
  readonly file: ReportFile;
  readonly targets: ReadonlyMap<Digest, DocumentKind>;
  readonly documents: Documents;
  /** Blobs of both sides together. */
  readonly most: number;
}

/** Writes down where each blob is, and what labels say. Tells the totals after each piece, and once all are there. */
async function* countBlobs(
  { sides: { a, b }, file, targets, documents, most }: Counting,
  signal: AbortSignal,
): AsyncGenerator<CompareTotals, void, undefined> {
  const stores = { a: storesOf(a), b: storesOf(b) };
  const comparison = compare(stores.a, stores.b, { names: { a: a.label, b: b.label }, signal });
  let rows: ReportRow[] = [];
  let said: SaidKind[] = [];
  let count = 0;
  let written: Promise<unknown> = Promise.resolve();
  const write = (): Promise<unknown> => {
    const writing = Promise.all([file.ask("add", rows), file.ask("kinds", said)]);
    [rows, said] = [[], []];
    return writing;
  };
  for await (const { part, info, at, other } of comparison) {
    const { digest, size } = info;
    const store = stores[part === "only-b" ? "b" : "a"][at];
    const own = saidByLabels({ ...other?.labels, ...info.labels });
    const named = targets.get(digest);
    rows.push({ part, digest, size, at, rank: rankByLabels(own), kind: own.kind ?? "unknown" });
    for (const each of own.names) said.push({ ...each, isRead: false });
    if (store !== undefined) documents.offer({ digest, size, store, ...(named && { named }) }, own);
    if (rows.length < rowsAtOnce) continue;
    count += rows.length;
    if (count > most) throw new ContentError("resource-exhausted", `both sides have more than ${most} blobs together`);
    // One piece is written while the next is read, and never more.
    await written;
    written = write();
    written.catch(() => undefined);
    yield comparison.totals;
  }
  await written;
  await write();
  yield comparison.totals;
}

async function writeNames(file: ReportFile, names: ComparedNames | undefined): Promise<void> {
  const all = names?.otherDigests ?? [];
  for (let from = 0; from < all.length; from += rowsAtOnce) {
    await file.ask("names", all.slice(from, from + rowsAtOnce));
  }
}
