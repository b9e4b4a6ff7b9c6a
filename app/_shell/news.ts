import { isTrouble } from "../../content/ingest-state.ts";
import type { IngestsView } from "../_live/ingests.ts";
import { formatCounted } from "../_ui/format.ts";

/** What changed of the ingests that matters. */
export interface News {
  readonly ended: number;
  readonly troubled: number;
}

/** Nothing changed that matters. */
export const noNews: News = { ended: 0, troubled: 0 };

/** What changed between two looks at the ingests. */
export function newsBetween(before: IngestsView, now: IngestsView): News {
  if (!before.isComplete || !now.isComplete) return noNews;
  return { ended: newOf(before, now, isEnded), troubled: newOf(before, now, isTroubled) };
}

/** Both in one. */
export function addNews(a: News, b: News): News {
  return { ended: a.ended + b.ended, troubled: a.troubled + b.troubled };
}

/** News in one sentence; absent when there are none. */
export function wordsOfNews({ ended, troubled }: News): string | undefined {
  const parts = [
    ended > 0 ? `${formatCounted(ended, "ingest")} ended` : "",
    troubled > 0 ? `${formatCounted(troubled, "ingest")} in trouble` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? undefined : parts.join(", ");
}

type Row = IngestsView["rows"][number];

/** How many rows match now that did not before. */
function newOf(before: IngestsView, now: IngestsView, matches: (row: Row) => boolean): number {
  const known = new Set(keysOf(before, matches));
  return keysOf(now, matches).filter((key) => !known.has(key)).length;
}

function keysOf({ rows }: IngestsView, matches: (row: Row) => boolean): readonly string[] {
  return rows.filter(matches).map(({ key, row }) => `${key} ${row.status.startedAt.getTime()}`);
}

function isEnded({ goneAt }: Row): boolean {
  return goneAt !== undefined;
}

function isTroubled({ goneAt, view }: Row): boolean {
  return goneAt === undefined && isTrouble(view.state);
}
