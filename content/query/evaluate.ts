import { microsOf } from "../instant.ts";
import type { CompileRegexp } from "../regexp.ts";
import type { Blob, Ingest } from "../remote/events.ts";
import type { Labels } from "../store.ts";
import type { Comparison, Condition, LabelCondition, Matcher, Query, Target } from "./ast.ts";
import { intervalOf } from "./comparison.ts";
import { beginsWith } from "./digest-prefix.ts";
import { microsPerSecond } from "./durations.ts";
import { groupsOf } from "./groups.ts";
import { before, isWithin } from "./interval.ts";

/** What a query needs to know of an ingest. */
export type IngestRow = Pick<Ingest, "namespace" | "state"> & {
  readonly status: Pick<Ingest["status"], "ref" | "offset" | "startedAt">;
};

type Test<Row> = (row: Row) => boolean;

/** What tests are made with besides the query. */
interface Means {
  readonly nowMicros: number;
  readonly compile: CompileRegexp;
}

/** What a query needs to know of an image, a lease or a namespace. */
export interface NamedRow {
  readonly namespace: string;
  /** What a free word is searched in, besides labels; its name or id is the first. */
  readonly texts: readonly [string, ...string[]];
  readonly labels: Labels;
  /** Absent: not known; no size is asked for that it has. */
  readonly bytes: number | undefined;
  /** Absent: not known. */
  readonly createdAt: Date | undefined;
  /** Those that a query can ask for. */
  readonly states: readonly string[];
}

/** A query as a test of images, leases or namespaces; all else as for compileBlobQuery. */
export function compileNamedQuery<T extends "images" | "leases" | "namespaces">(
  query: Query<T>,
  now: Date,
  compile: CompileRegexp,
): Test<NamedRow> {
  const means = { nowMicros: microsOf(now), compile };
  return compileQuery(query, (condition) => namedTest(condition, means));
}

function namedTest(
  condition: Condition<"images" | "leases" | "namespaces">,
  { nowMicros, compile }: Means,
): Test<NamedRow> {
  switch (condition.field) {
    case "text": {
      const finds = finder(condition.matcher, compile);
      return (row) => row.texts.some(finds) || labelTexts(row).some(finds);
    }
    case "name":
    case "id": {
      const finds = finder(condition.matcher, compile);
      return ({ texts: [name] }) => finds(name);
    }
    case "ns":
      return ({ namespace }) => namespace === condition.name;
    case "size": {
      const sizes = intervalOf(condition.range);
      return ({ bytes }) => bytes !== undefined && isWithin(bytes, sizes);
    }
    case "age": {
      const meets = ageTest<Date>(condition.range, nowMicros, (date) => date);
      return ({ createdAt }) => createdAt !== undefined && meets(createdAt);
    }
    case "state":
      return ({ states }) => states.includes(condition.state);
    case "label":
      return labelTest(condition, compile, (row) => row);
    case "any-label": {
      const finds = compile(condition.pattern);
      return (row) => labelTexts(row).some(finds);
    }
  }
}

/**
 * A query as a test of blobs.
 *
 * @param now what ages are counted from, by the server's clock
 * @param compile compileRegexp; called only where there is a pattern, and what it throws is thrown
 */
export function compileBlobQuery(query: Query<"blobs">, now: Date, compile: CompileRegexp): Test<Blob> {
  const means = { nowMicros: microsOf(now), compile };
  return compileQuery(query, (condition) => blobTest(condition, means));
}

/** A query as a test of ingests; all else as for compileBlobQuery. */
export function compileIngestQuery(query: Query<"ingests">, now: Date, compile: CompileRegexp): Test<IngestRow> {
  const means = { nowMicros: microsOf(now), compile };
  return compileQuery(query, (condition) => ingestTest(condition, means));
}

function compileQuery<T extends Target, Row>(
  query: Query<T>,
  compile: (condition: Condition<T>) => Test<Row>,
): Test<Row> {
  const groups = groupsOf(query).map((terms) =>
    terms.map(({ condition, excluded }): Test<Row> => {
      const meets = compile(condition);
      return excluded ? (row) => !meets(row) : meets;
    }),
  );
  return (row) => groups.every((tests) => tests.some((test) => test(row)));
}

function blobTest(condition: Condition<"blobs">, { nowMicros, compile }: Means): Test<Blob> {
  switch (condition.field) {
    case "text": {
      const finds = finder(condition.matcher, compile);
      return ({ info }) => finds(info.digest) || labelTexts(info).some(finds);
    }
    case "digest": {
      const { matcher } = condition;
      if (matcher.kind === "prefix") return ({ info }) => beginsWith(info.digest, matcher);
      const finds = finder(matcher, compile);
      return ({ info }) => finds(info.digest);
    }
    case "ns":
      return ({ namespace }) => namespace === condition.name;
    case "size": {
      const sizes = intervalOf(condition.range);
      return ({ info }) => isWithin(info.size, sizes);
    }
    case "age":
      return ageTest(condition.range, nowMicros, ({ info }) => info.createdAt);
    case "updated":
      return ageTest(condition.range, nowMicros, ({ info }) => info.updatedAt);
    case "label":
      return labelTest(condition, compile, ({ info }) => info);
    case "any-label": {
      const finds = compile(condition.pattern);
      return ({ info }) => labelTexts(info).some(finds);
    }
  }
}

function ingestTest(condition: Condition<"ingests">, { nowMicros, compile }: Means): Test<IngestRow> {
  switch (condition.field) {
    case "text":
    case "ref": {
      const finds = finder(condition.matcher, compile);
      return ({ status }) => finds(status.ref);
    }
    case "ns":
      return ({ namespace }) => namespace === condition.name;
    case "size": {
      const sizes = intervalOf(condition.range);
      return ({ status }) => isWithin(status.offset, sizes);
    }
    case "age":
      return ageTest(condition.range, nowMicros, ({ status }) => status.startedAt);
    case "state":
      return ({ state }) => state === condition.state;
  }
}

function ageTest<Row>(range: Comparison, nowMicros: number, dateOf: (row: Row) => Date): Test<Row> {
  const moments = before(nowMicros, intervalOf(range, microsPerSecond));
  return (row) => isWithin(microsOf(dateOf(row)), moments);
}

interface Labelled {
  readonly labels: Labels;
}

/** A pattern needs a label to be found in; only a literal can ask for one that is absent. */
function labelTest<Row>(
  { key, value }: LabelCondition,
  compile: CompileRegexp,
  labelledOf: (row: Row) => Labelled,
): Test<Row> {
  const labelOf = (row: Row) => {
    const { labels } = labelledOf(row);
    return Object.hasOwn(labels, key) ? (labels[key] ?? "") : "";
  };
  if (value === undefined) return (row) => labelOf(row) !== "";
  if (value.kind === "literal") return (row) => labelOf(row) === value.text;
  const finds = finder(value, compile);
  return (row) => {
    const text = labelOf(row);
    return text !== "" && finds(text);
  };
}

function labelTexts({ labels }: Labelled): readonly string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`);
}

function finder(matcher: Matcher, compile: CompileRegexp): (text: string) => boolean {
  if (matcher.kind === "regexp") return compile(matcher.pattern);
  return (text) => text.includes(matcher.text);
}
