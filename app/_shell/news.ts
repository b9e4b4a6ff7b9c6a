import { isTrouble } from "../../content/ingest-state.ts";
import type { IngestsView } from "../_live/ingests.ts";
import { formatCounted } from "../_ui/format.ts";

/** What changed between two looks at the ingests, in one sentence; absent when nothing that matters did. */
export function newsBetween(before: IngestsView, now: IngestsView): string | undefined {
  if (!before.isComplete || !now.isComplete) return undefined;
  const finished = keysOf(now, isFinished).filter((key) => !keysOf(before, isFinished).includes(key)).length;
  const troubled = keysOf(now, isTroubled).filter((key) => !keysOf(before, isTroubled).includes(key)).length;
  const parts = [
    finished > 0 ? `${formatCounted(finished, "ingest")} ended` : "",
    troubled > 0 ? `${formatCounted(troubled, "ingest")} in trouble` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? undefined : parts.join(", ");
}

type Row = IngestsView["rows"][number];

function keysOf({ rows }: IngestsView, matches: (row: Row) => boolean): readonly string[] {
  return rows.filter(matches).map(({ key, row }) => `${key} ${row.status.startedAt.getTime()}`);
}

function isFinished({ goneAt }: Row): boolean {
  return goneAt !== undefined;
}

function isTroubled({ goneAt, view }: Row): boolean {
  return goneAt === undefined && isTrouble(view.state);
}
