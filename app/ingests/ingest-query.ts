import { ContentError } from "../../content/errors.ts";
import type { Query } from "../../content/query.ts";
import { compileIngestQuery, formatQuery, parseQuery } from "../../content/query.ts";
import type { EndedIngest, Ingest } from "../../content/remote/events.ts";
import type { EndedRow, IngestRow, IngestsView } from "../_live/ingests.ts";
import { compilePattern } from "../_query/compiler.ts";
import type { Excluding } from "../_query/excluding.ts";
import { excludingMost } from "../_query/excluding.ts";
import type { AskedRows } from "../_ui/list/chosen.ts";

/** Which ingests are wanted. The page holds all of them, so that it answers by itself. */
export interface IngestQuery extends AskedRows {
  /** Absent: all. */
  readonly parsed?: Query<"ingests">;
  /** The test of that moment. @param nowMs what ages are counted from, by the server's clock */
  testAt(nowMs: number): Test;
}

type Test = ReturnType<typeof compileIngestQuery>;

/**
 * A query of some namespaces; usePatterns waits for what its patterns need. A text of an address that is none asks for
 * everything.
 *
 * @param namespaces names or `["*"]`
 */
export function ingestQueryOf(text: string, namespaces: readonly string[]): IngestQuery {
  const all = { selection: { namespaces }, testAt: () => () => true };
  if (text.trim() === "") return all;
  try {
    const parsed = parseQuery(text, "ingests", compilePattern);
    return { selection: { namespaces, query: formatQuery(parsed) }, parsed, testAt: testsOf(parsed) };
  } catch (error) {
    if (error instanceof ContentError) return all;
    throw error;
  }
}

/** Only ages go by the moment; what asks for none is compiled once, since patterns take their time. */
function testsOf(parsed: Query<"ingests">): IngestQuery["testAt"] {
  const hasAge = parsed.terms.some(({ condition }) => condition.field === "age");
  let lasting: Test | undefined;
  return (nowMs) => {
    if (hasAge) return compileIngestQuery(parsed, new Date(nowMs), compilePattern);
    lasting ??= compileIngestQuery(parsed, new Date(nowMs), compilePattern);
    return lasting;
  };
}

/** What of the ingests a query asks for: those that are open, and those that ended. */
export interface Matching {
  readonly rows: readonly IngestRow[];
  readonly ended: readonly EndedRow[];
}

/** What a query asks for. @param nowMs as testAt has it */
export function matchingOf({ rows, ended }: IngestsView, { parsed, testAt }: IngestQuery, nowMs: number): Matching {
  if (parsed === undefined) return { rows, ended };
  const meets = testAt(nowMs);
  return { rows: rows.filter(({ row }) => meets(row)), ended: ended.filter((row) => meets(asRow(row.ended))) };
}

/** One that ended has no state: a query for one leaves it out. */
function asRow({ namespace, ref, size, startedAt }: EndedIngest) {
  return { namespace, state: "unknown", status: { ref, offset: size, startedAt } } as const;
}

/** As excludingMost. @param nowMs as testAt has it */
export function mostExcluding(
  text: string,
  { parsed }: IngestQuery,
  ingests: readonly Ingest[],
  nowMs: number,
): Excluding | undefined {
  const countOf = (query: string) => ingests.filter(ingestQueryOf(query, []).testAt(nowMs)).length;
  return excludingMost(text, "ingests", parsed, countOf);
}
