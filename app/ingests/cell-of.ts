import type { ReactNode } from "react";
import type { EndedIngest } from "../../content/remote/events.ts";
import type { IngestRow } from "../_live/ingests.ts";
import type { Line } from "./line.ts";

/** A cell that an ingest and one that ended fill in their own ways. */
export function cellOf(ofIngest: (row: IngestRow) => ReactNode, ofEnded: (ended: EndedIngest) => ReactNode) {
  return (line: Line): ReactNode => {
    if (line.kind === "ingest") return line.row.end ? ofEnded(line.row.end) : ofIngest(line.row);
    return line.kind === "ended" ? ofEnded(line.ended) : null;
  };
}
