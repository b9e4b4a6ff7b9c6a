import type { Expression, ExpressionBuilder, RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import { microsOf } from "../../content/instant.ts";
import { intervalOf } from "../../content/query/comparison.ts";
import { textsOfPrefix } from "../../content/query/digest-prefix.ts";
import { microsPerSecond } from "../../content/query/durations.ts";
import { groupsOf } from "../../content/query/groups.ts";
import { before } from "../../content/query/interval.ts";
import type { Condition, Interval, Matcher, Term } from "../../content/query.ts";
import { parseQuery } from "../../content/query.ts";
import { compileRegexp } from "../../content/regexp.ts";
import type { Namespaces } from "../metadata/set.ts";
import type { AuditSchema } from "./schema.ts";

/** Which events are wanted, and which may be seen. */
export interface EventSelection {
  /** The dashboard's language, target `events`; empty: all. */
  readonly query: string;
  /** Those that are wanted; every one, and none, with `*`. */
  readonly namespaces: Namespaces;
  /** Names of stores that may be seen; every one, and none, with `*`. */
  readonly stores: readonly string[] | "*";
}

type Builder = ExpressionBuilder<AuditSchema, "event">;

/** A selection as a condition of SQL. */
export type EventCondition = (eb: Builder) => Expression<SqlBool>;

/** True for a selection that everything meets. */
export function isWhole({ query, namespaces, stores }: EventSelection): boolean {
  return query.trim() === "" && namespaces === "*" && stores === "*";
}

/**
 * The condition of a selection.
 *
 * @param now what ages are counted from @throws what parseQuery throws
 */
export function compileEvents({ query, namespaces, stores }: EventSelection, now: Date): EventCondition {
  const groups = groupsOf(parseQuery(query, "events", compileRegexp));
  const nowMicros = microsOf(now);
  return (eb) =>
    eb.and([
      ...(namespaces === "*" ? [] : [eb("namespace", "in", [...namespaces])]),
      ...(stores === "*" ? [] : [eb("store", "in", [...stores])]),
      ...groups.map((terms) => eb.or(terms.map((term) => termTest(eb, term, nowMicros)))),
    ]);
}

function termTest(eb: Builder, { condition, excluded }: Term<"events">, nowMicros: number): Expression<SqlBool> {
  const test = conditionTest(eb, condition, nowMicros);
  return excluded ? sql<SqlBool>`NOT coalesce(${test}, 0)` : test;
}

function conditionTest(eb: Builder, condition: Condition<"events">, nowMicros: number): Expression<SqlBool> {
  switch (condition.field) {
    case "text":
      return anyOf(eb, condition.matcher, ["name", "digest", "who"]);
    case "object":
      return anyOf(eb, condition.matcher, ["name", "digest"]);
    case "from":
      return anyOf(eb, condition.matcher, ["peer", "user_agent"]);
    case "ref":
      return eb.and([eb("kind", "in", ["blob", "ingest"]), holds("name", condition.matcher)]);
    case "who":
    case "store":
    case "code":
      return isOrHas(eb, condition.field, condition.matcher);
    case "ns":
      return eb("namespace", "=", condition.name);
    case "act":
      return eb("act", "=", condition.act);
    case "kind":
      return eb("kind", "=", condition.kind);
    case "cause":
      return eb("cause", "=", condition.cause);
    case "digest":
      return digestTest(eb, condition.matcher);
    case "size":
      return within("bytes", intervalOf(condition.range));
    case "age":
      return within("at", before(nowMicros, intervalOf(condition.range, microsPerSecond)));
  }
}

type TextColumn = "name" | "digest" | "who" | "peer" | "user_agent" | "store" | "code";

function anyOf(eb: Builder, matcher: Matcher, columns: readonly TextColumn[]): Expression<SqlBool> {
  return eb.or(columns.map((column) => holds(column, matcher)));
}

function holds(column: TextColumn, matcher: Matcher): RawBuilder<SqlBool> {
  return matcher.kind === "regexp"
    ? sql<SqlBool>`found(${matcher.pattern}, ${sql.ref(column)})`
    : sql<SqlBool>`instr(${sql.ref(column)}, ${matcher.text}) > 0`;
}

/** A literal is all of it, so that one name is not found in another; the columns' indexes are partial, and want to be asked so. */
function isOrHas(eb: Builder, column: "who" | "store" | "code", matcher: Matcher): Expression<SqlBool> {
  if (matcher.kind === "regexp") return holds(column, matcher);
  const is = eb(column, "=", matcher.text);
  if (column === "who") return eb.and([is, eb("who", "<>", sql.lit(""))]);
  return column === "code" && matcher.text !== "ok" ? eb.and([is, eb("code", "<>", sql.lit("ok"))]) : is;
}

function digestTest(eb: Builder, matcher: Extract<Condition<"events">, { field: "digest" }>["matcher"]) {
  if (matcher.kind === "regexp") return holds("digest", matcher);
  const begins = textsOfPrefix(matcher).map((text) =>
    // `g` follows the last digit.
    eb.and([eb("digest", "<>", sql.lit("")), eb("digest", ">=", text), eb("digest", "<", `${text}g`)]),
  );
  return eb.or(begins);
}

function within(column: "bytes" | "at", { min, max }: Interval): RawBuilder<SqlBool> {
  const ref = sql.ref(column);
  const from = Number.isFinite(min) ? sql`${ref} >= ${min}` : sql`${ref} IS NOT NULL`;
  return Number.isFinite(max) ? sql<SqlBool>`(${from} AND ${ref} <= ${max})` : sql<SqlBool>`(${from})`;
}
