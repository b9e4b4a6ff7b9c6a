import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeDigest } from "../../../content/parse-digest.ts";
import { createPlaces } from "../../../server/compare/places.ts";
import type { KeptReport, ReportLimits, Reports } from "../../../server/compare/reports.ts";
import { openReports } from "../../../server/compare/reports.ts";
import type { Side } from "../../../server/compare/side.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

const side = { namespaces: ["n"], label: "local/n" } as unknown as Side;
const none = { blobs: 0, bytes: 0 };

/** Keep a report of one blob. */
async function keepOne(reports: Reports, owner: string): Promise<KeptReport> {
  const { id, file } = await reports.begin();
  const digest = makeDigest("sha512", "ab".repeat(64));
  await file.ask("add", [{ part: "only-a", digest, size: 5, at: 0, rank: 0, kind: "unknown" }]);
  const kinds = await file.ask("seal", undefined);
  const facts = {
    kinds,
    id,
    totals: { "only-a": { blobs: 1, bytes: 5 }, both: none, "only-b": none },
    asOf: { a: new Date(), b: new Date() },
    namespaces: { a: ["n"], b: ["n"] },
  };
  const report = { owner, sides: { a: side, b: side }, facts, file };
  await reports.keep(report);
  return report;
}

async function openForTest(limits: Partial<ReportLimits>) {
  const root = await makeTempDir();
  const most = { keepMs: 60_000, reports: 8, bytes: 1024 ** 3, blobs: 1000 };
  const reports = await openReports(root, { ...most, ...limits });
  onTestFinished(async () => await reports[Symbol.asyncDispose]());
  return { reports, folder: join(root, "compare") };
}

test("a report of many of one caller's takes the place of another of theirs, and of nobody else's", async () => {
  const { reports } = await openForTest({ reports: 3 });
  const meis = await keepOne(reports, "mei");
  const adas = [await keepOne(reports, "ada"), await keepOne(reports, "ada"), await keepOne(reports, "ada")];
  expect(reports.find(meis.facts.id, "mei")).toBe(meis);
  expect(() => reports.find(adas[0]?.facts.id ?? "", "ada")).toThrow("compare again");
  expect(reports.find(adas[2]?.facts.id ?? "", "ada")).toBe(adas[2]);
});

test("a report is its caller's alone, and there until others need its place; one that is in use stays", async () => {
  const { reports, folder } = await openForTest({ reports: 2 });
  const first = await keepOne(reports, "mei");
  expect(() => reports.find(first.facts.id, "ada")).toThrow("there is no such report any more; compare again");
  expect(reports.find(first.facts.id, "mei")).toBe(first);
  const held = reports.hold(first);
  const second = await keepOne(reports, "ada");
  const third = await keepOne(reports, "ada");
  expect(reports.find(first.facts.id, "mei")).toBe(first);
  expect(() => reports.find(second.facts.id, "ada")).toThrow("compare again");
  await expect(second.file.ask("weigh", undefined)).rejects.toMatchObject({ kind: "cancelled" });
  held[Symbol.dispose]();
  await keepOne(reports, "ada");
  expect(() => reports.find(third.facts.id, "ada")).toThrow("compare again");
  await reports[Symbol.asyncDispose]();
  expect(existsSync(folder)).toBe(false);
});

test("a report that nobody asks for goes by itself, with its file", async () => {
  const { reports, folder } = await openForTest({ keepMs: 50 });
  const { facts } = await keepOne(reports, "");
  await expect.poll(() => readdir(folder)).toEqual([]);
  expect(() => reports.find(facts.id, "")).toThrow("compare again");
});

test("reports of a server that was killed are gone once the next one opens", async () => {
  const root = await makeTempDir();
  await mkdir(join(root, "compare"));
  await writeFile(join(root, "compare", "left.db"), "x");
  await using _reports = await openReports(root);
  expect(existsSync(join(root, "compare"))).toBe(false);
});

test("a digest of any algorithm comes back as it was", async () => {
  const { reports } = await openForTest({});
  const { file } = await keepOne(reports, "");
  const query = { part: "only-a", order: { by: "digest", isDescending: false }, skip: 0, limit: 10 } as const;
  const digest = makeDigest("sha512", "ab".repeat(64));
  expect(await file.ask("page", query)).toEqual([
    { part: "only-a", place: 0, digest, size: 5, at: 0, rank: 0, kind: "unknown" },
  ]);
  expect(await file.ask("find", { part: "only-a", digests: [makeDigest("sha256", "cd".repeat(32)), digest] })).toEqual([
    expect.objectContaining({ digest }),
  ]);
});

test("so much is under way for one identity, and a place that is given back is free", () => {
  const places = createPlaces("comparisons", { perIdentity: 2, overall: 3 });
  const [first, second] = [places.take("mei"), places.take("mei")];
  expect(() => places.take("mei")).toThrow("2 comparisons of yours are under way; end one, or wait for it");
  places.take("ada");
  expect(() => places.take("ada")).toThrow("3 comparisons are under way on this server; try again later");
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  places.take("mei");
  expect(() => places.take("mei")).toThrow("2 comparisons");
  second[Symbol.dispose]();
});
