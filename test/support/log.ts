import type { Logger } from "pino";
import { pino } from "pino";

/** One line of a log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly level: number; readonly msg?: string };

/** A logger whose lines, those for debugging included, are there to be looked at. */
export function createLog(): { readonly logger: Logger; readonly lines: LogLine[]; readonly text: () => string } {
  const lines: LogLine[] = [];
  let text = "";
  const logger = pino(
    { level: "debug" },
    {
      write(line: string) {
        text += line;
        lines.push(JSON.parse(line) as LogLine);
      },
    },
  );
  return { logger, lines, text: () => text };
}
