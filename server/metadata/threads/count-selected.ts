import { compileAsked } from "../../feed/selection.ts";
import type { Connection } from "../database/connection.ts";
import type { Totals } from "../set.ts";
import { candidates } from "./candidates.ts";
import type { CountQuery } from "./job.ts";
import { createTally } from "./tally.ts";

/**
 * Count what a selection lets through, where the rows lie in the file; the bytes of each digest once.
 *
 * @param view of one moment
 * @param check throws when nobody wants the count any more
 */
export function countSelected(view: Connection, { asked, progress }: CountQuery, check: () => void): Totals {
  const selection = compileAsked(asked);
  const { whole, covers, selectsBlob } = selection;
  const told = new Float64Array(progress);
  const tally = createTally(view);
  for (const rows of candidates(view, selection)) {
    check();
    for (const row of rows) if (whole ? covers(row) : selectsBlob(row)) tally.add(row);
    const { count, bytes } = tally.rows;
    told[0] = count;
    told[1] = bytes;
  }
  return tally.totals(selection.namespaces);
}
