import type { Logger } from "pino";
import { ContentError } from "../../content/errors.ts";
import type { Audit } from "../audit/audit.ts";
import type { ExportFormat } from "../audit/export.ts";
import { exportFormats, exportHead, exportLine, exportTypes } from "../audit/export.ts";
import { visibleEvents } from "../audit/pages.ts";
import type { EventSelection } from "../audit/select.ts";
import { compileEvents } from "../audit/select.ts";
import { now } from "../clock.ts";
import { requireCaller } from "../policy/admit.ts";
import { readAudit } from "../policy/permissions.ts";
import type { Download } from "./attachment.ts";
import { attachmentHeaders, createDownloads } from "./attachment.ts";
import { begin, finish } from "./request.ts";
import { sendChunks } from "./send.ts";

/** Where the audit is exported from. */
export const auditPath = "/-/audit";

/**
 * Answers `GET|HEAD /-/audit?format=csv|ndjson[&q=QUERY][&ns=NAMESPACE]` with the events of a query, newest first; `ns` can stand there
 * several times. They are read as their client takes them; what goes wrong on the way cuts the connection.
 */
export function createAuditDownload(audit: Pick<Audit, "range" | "reader">, logger: Logger): Download {
  return createDownloads({
    logger,
    logged: { format: "format", query: "q" },
    async answer({ searchParams: asked }, request, response, call, signal) {
      requireCaller(call, readAudit);
      const format = formatOf(asked.get("format") ?? "csv");
      const selection = visibleEvents({ query: asked.get("q") ?? "", namespaces: asked.getAll("ns") }, call.access);
      const lines = exported(audit, selection, format, signal);
      // What is wrong with the query is known while it can still be said.
      const head = await lines.next();
      const start = () => begin(response, 200, headersOf(format));
      if (request.method === "HEAD") {
        start();
        return finish(response);
      }
      await sendChunks(response, chunksOf(head.value ?? "", lines), start);
    },
  });
}

function formatOf(text: string): ExportFormat {
  const format = exportFormats.find((name) => name === text);
  if (format !== undefined) return format;
  throw new ContentError("invalid-argument", `format ${JSON.stringify(text)} is none of ${exportFormats.join(", ")}`);
}

/** The head of the file, then some lines at a time. @throws what compileEvents throws, at once */
async function* exported(
  { range, reader }: Pick<Audit, "range" | "reader">,
  selection: EventSelection,
  format: ExportFormat,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const condition = compileEvents(selection, now());
  yield exportHead(format);
  for await (const events of reader.newest({ ...range }, condition, Number.POSITIVE_INFINITY, signal)) {
    if (events.length > 0) yield events.map((event) => exportLine(format, event)).join("");
  }
}

async function* chunksOf(head: string, lines: AsyncIterable<string>): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from(head);
  for await (const text of lines) yield Buffer.from(text);
}

function headersOf(format: ExportFormat): Record<string, string> {
  const stamp = now().toISOString().replaceAll(/[-:]/g, "").slice(0, 15);
  return {
    ...attachmentHeaders(`stowage-activity-${stamp}.${format}`),
    "content-type": exportTypes[format],
    "cache-control": "no-store",
  };
}
