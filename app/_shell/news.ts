import { isTrouble } from "../../content/ingest-state.ts";
import type { IngestsView } from "../_live/ingests.ts";
import { ingestKey } from "../_live/keys.ts";
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
  return { ended: newOf(before, now, endedOf), troubled: newOf(before, now, troubledOf) };
}

/** The view as it was before anything ended: all that ended since the page was opened is news to who looks for the first time. */
export function beforeEnds(view: IngestsView): IngestsView {
  return { ...view, rows: view.rows.filter(({ goneAt }) => goneAt === undefined), ended: [] };
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

/** Names of ingests: another one under the same ref has another name. */
type NamesOf = (view: IngestsView) => ReadonlySet<string>;

/** How many are among them now that were not before. */
function newOf(before: IngestsView, now: IngestsView, namesOf: NamesOf): number {
  const known = namesOf(before);
  return [...namesOf(now)].filter((name) => !known.has(name)).length;
}

/** One that ended is a row for a while, and then among those that ended. */
function endedOf({ rows, ended }: IngestsView): ReadonlySet<string> {
  const gone = rows.filter(({ goneAt }) => goneAt !== undefined);
  const told = ended.map(({ ended: { namespace, ref, startedAt } }) => nameOf(ingestKey(namespace, ref), startedAt));
  return new Set([...gone.map(({ key, row }) => nameOf(key, row.status.startedAt)), ...told]);
}

function troubledOf({ rows }: IngestsView): ReadonlySet<string> {
  const troubled = rows.filter(({ goneAt, view }) => goneAt === undefined && isTrouble(view.state));
  return new Set(troubled.map(({ key, row }) => nameOf(key, row.status.startedAt)));
}

function nameOf(key: string, startedAt: Date): string {
  return `${key} ${startedAt.getTime()}`;
}
