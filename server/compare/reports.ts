import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CompareReport } from "../../content/compare/report.ts";
import { ContentError } from "../../content/errors.ts";
import type { ReportFile } from "./report-file.ts";
import { createReportFile } from "./report-file.ts";
import type { Side } from "./side.ts";

/** What is kept of reports. */
export interface ReportLimits {
  /** Milliseconds after which one goes that nobody asks for. */
  readonly keepMs: number;
  /** Of all callers together. */
  readonly reports: number;
  /** Bytes of their files together; the newest one may be larger alone. */
  readonly bytes: number;
  /** Blobs of one report. */
  readonly blobs: number;
}

/** What a server keeps; a blob takes 77 bytes, and 30 more once people look at blobs of one kind. */
export const reportLimits: ReportLimits = {
  keepMs: 15 * 60_000,
  reports: 8,
  bytes: 1024 ** 3,
  blobs: 4_000_000,
};

/** A report whose rows can be read. */
export interface KeptReport {
  /** Identity of the caller that it is for. */
  readonly owner: string;
  readonly sides: { readonly a: Side; readonly b: Side };
  readonly facts: CompareReport;
  readonly file: ReportFile;
}

/** The reports of a server. */
export interface Reports extends AsyncDisposable {
  readonly limits: ReportLimits;
  /** A file for a new report, and an id that nobody can guess. */
  begin(): Promise<{ readonly id: string; readonly file: ReportFile }>;
  /** From now on it can be asked for. Older ones may go for it. */
  keep(report: KeptReport): Promise<void>;
  /** The report of a caller, which stays for a while again. @throws `not-found` */
  find(id: string, owner: string): KeptReport;
  /** It stays until this is disposed of. */
  hold(report: KeptReport): Disposable;
}

interface Entry {
  readonly report: KeptReport;
  readonly bytes: number;
  timer: NodeJS.Timeout | undefined;
  holds: number;
}

/** No reports. @param root the data directory; `compare` in it is this one's, and goes with it */
export async function openReports(root: string, limits: ReportLimits = reportLimits): Promise<Reports> {
  const folder = join(root, "compare");
  // A process that was killed left it.
  await rm(folder, { recursive: true, force: true });
  const entries = new Map<string, Entry>();
  const files = new Set<ReportFile>();

  async function drop(id: string): Promise<void> {
    const entry = entries.get(id);
    entries.delete(id);
    clearTimeout(entry?.timer);
    await entry?.report.file[Symbol.asyncDispose]();
  }

  async function close(file: ReportFile): Promise<void> {
    files.delete(file);
    await file[Symbol.asyncDispose]();
  }

  /** It goes after a while, unless it is asked for or held. */
  function touch(id: string, entry: Entry): void {
    clearTimeout(entry.timer);
    entries.delete(id);
    entries.set(id, entry);
    if (entry.holds > 0) return;
    entry.timer = setTimeout(() => void drop(id), limits.keepMs);
    entry.timer.unref();
  }

  /** Those of the same caller go first, and those that were asked for longest ago: nobody pushes out others' by many of their own. */
  async function makeRoom(newest: string, { owner }: KeptReport): Promise<void> {
    const isOwn = ([, { report }]: [string, Entry]): number => Number(report.owner === owner);
    for (const [id, { holds }] of [...entries].sort((one, other) => isOwn(other) - isOwn(one))) {
      const bytes = entries.values().reduce((sum, entry) => sum + entry.bytes, 0);
      if (entries.size <= limits.reports && bytes <= limits.bytes) return;
      if (id !== newest && holds === 0) await drop(id);
    }
  }

  return {
    limits,
    async begin() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const id = randomBytes(16).toString("base64url");
      const file = createReportFile(join(folder, `${id}.db`));
      files.add(file);
      return { id, file: { ask: file.ask, [Symbol.asyncDispose]: () => close(file) } };
    },
    async keep(report) {
      const { id } = report.facts;
      const entry: Entry = { report, bytes: await report.file.ask("weigh", undefined), timer: undefined, holds: 0 };
      touch(id, entry);
      await makeRoom(id, report);
    },
    find(id, owner) {
      const entry = entries.get(id);
      if (entry === undefined || entry.report.owner !== owner) {
        throw new ContentError("not-found", "there is no such report any more; compare again");
      }
      touch(id, entry);
      return entry.report;
    },
    hold({ facts: { id } }) {
      const entry = entries.get(id);
      if (entry === undefined) return { [Symbol.dispose]: () => undefined };
      entry.holds += 1;
      touch(id, entry);
      return {
        [Symbol.dispose]() {
          entry.holds -= 1;
          if (entries.get(id) === entry) touch(id, entry);
        },
      };
    },
    async [Symbol.asyncDispose]() {
      for (const { timer } of entries.values()) clearTimeout(timer);
      entries.clear();
      await Promise.all([...files].map(close));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
