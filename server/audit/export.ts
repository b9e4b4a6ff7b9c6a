import type { AuditChange, AuditEvent } from "../../content/audit.ts";
import { microsOf } from "../../content/instant.ts";

/** How events are exported: for spreadsheets, or one JSON object a line. */
export const exportFormats = ["csv", "ndjson"] as const;

export type ExportFormat = (typeof exportFormats)[number];

/** What a format's files are, for HTTP. */
export const exportTypes: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv; charset=utf-8",
  ndjson: "application/x-ndjson",
};

/** The columns of a CSV, in order, and what stands in them. */
const cells: readonly (readonly [string, (event: AuditEvent) => string])[] = [
  ["id", ({ id }) => String(id)],
  ["time", ({ at }) => timeText(at)],
  ["who", ({ who }) => who],
  ["from", ({ peer }) => peer],
  ["client", ({ userAgent }) => userAgent],
  ["act", ({ act }) => act],
  ["kind", ({ kind }) => kind],
  ["name", ({ name }) => name],
  ["digest", ({ digest }) => digest],
  ["bytes", ({ bytes }) => (bytes === undefined ? "" : String(bytes))],
  ["code", ({ code }) => code],
  ["error", ({ error }) => error],
  ["store", ({ store }) => store],
  ["namespace", ({ namespace }) => namespace],
  ["cause", ({ cause }) => cause],
  ["more", ({ more }) => (more === 0 ? "" : String(more))],
  ["changes", ({ changes, changesLeftOut }) => changesText(changes, changesLeftOut)],
  ["method", ({ method }) => method],
  ["call", ({ call }) => call],
];

/** What stands before the first event of a file. */
export function exportHead(format: ExportFormat): string {
  return format === "csv" ? csvLine(cells.map(([name]) => name)) : "";
}

/** An event as a line of a file. */
export function exportLine(format: ExportFormat, event: AuditEvent): string {
  if (format === "csv") return csvLine(cells.map(([, textOf]) => textOf(event)));
  const { at, ...rest } = event;
  return `${JSON.stringify({ ...rest, at: timeText(at) })}\n`;
}

/** RFC 4180. */
function csvLine(texts: readonly string[]): string {
  return `${texts.map(csvCell).join(",")}\r\n`;
}

/**
 * A cell that a spreadsheet would take for a formula gets an apostrophe, so that it stays text (OWASP, CSV injection): names are
 * whatever clients made of them.
 */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** To the microsecond, in UTC. */
function timeText(at: Date): string {
  const micros = String(((microsOf(at) % 1000) + 1000) % 1000).padStart(3, "0");
  return at.toISOString().replace("Z", `${micros}Z`);
}

function changesText(changes: readonly AuditChange[], leftOut: number): string {
  const said = changes.map(({ name, before = "", after = "" }) => `${name}: ${before} > ${after}`);
  return [...said, ...(leftOut > 0 ? [`and ${leftOut} more`] : [])].join("; ");
}
