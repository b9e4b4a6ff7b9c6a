import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import { rowId } from "../blob-pages.ts";
import type { Connection } from "../database/connection.ts";
import { queries } from "../database/queries.ts";

/** What JSON writes in another way, and what is no character of its own. */
const escaped = /["\\\p{Cc}\p{Cs}]/u;

/** Texts that are asked of the database, the longest: a query can have more than a statement takes. */
const askedTexts = 4;

/** What SQLite can tell of rows that have all of some texts in their digest or labels: others need neither be read nor tried. */
export function conditionsOf(texts: readonly string[]): readonly RawBuilder<boolean>[] {
  const plain = texts.filter((text) => !escaped.test(text)).toSorted((a, b) => b.length - a.length);
  return plain.slice(0, askedTexts).map((text) => sql<boolean>`(instr(digest, ${text}) OR instr(labels, ${text}))`);
}

/** Which of some rows have the texts, as far as SQLite can tell. @param ids of rows that are in the view */
export function idsWithTexts(
  view: Connection,
  ids: readonly number[],
  conditions: ReturnType<typeof conditionsOf>,
): ReadonlySet<number> {
  let query = queries
    .selectFrom("blob")
    .select(rowId)
    .where(sql<boolean>`rowid IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
  for (const condition of conditions) query = query.where(condition);
  return new Set(view.arrays(query).map(([id]) => Number(id)));
}
