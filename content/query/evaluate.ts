import { microsOf } from "../instant.ts";
import { compileRegexp } from "../regexp.ts";
import type { Blob, Ingest } from "../remote/events.ts";
import type { Info } from "../store.ts";
import type { Comparison, Condition, Matcher, Query, Target } from "./ast.ts";
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

/** A query as a test of blobs. @param now what ages are counted from, by the server's clock */
export function compileBlobQuery(query: Query<"blobs">, now: Date): Test<Blob> {
  return compileQuery(query, (condition) => blobTest(condition, microsOf(now)));
}

/** A query as a test of ingests. @param now as for compileBlobQuery */
export function compileIngestQuery(query: Query<"ingests">, now: Date): Test<IngestRow> {
  return compileQuery(query, (condition) => ingestTest(condition, microsOf(now)));
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

function blobTest(condition: Condition<"blobs">, nowMicros: number): Test<Blob> {
  switch (condition.field) {
    case "text": {
      const finds = finder(condition.matcher);
      return ({ info }) => finds(info.digest) || labelTexts(info).some(finds);
    }
    case "digest": {
      const { matcher } = condition;
      if (matcher.kind === "prefix") return ({ info }) => beginsWith(info.digest, matcher);
      const finds = finder(matcher);
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
      return labelTest(condition.key, condition.value);
    case "any-label": {
      const finds = finder({ kind: "regexp", pattern: condition.pattern });
      return ({ info }) => labelTexts(info).some(finds);
    }
  }
}

function ingestTest(condition: Condition<"ingests">, nowMicros: number): Test<IngestRow> {
  switch (condition.field) {
    case "text":
    case "ref": {
      const finds = finder(condition.matcher);
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

/** A pattern needs a label to be found in; only a literal can ask for one that is absent. */
function labelTest(key: string, value: Matcher | undefined): Test<Blob> {
  const labelOf = ({ labels }: Info) => (Object.hasOwn(labels, key) ? (labels[key] ?? "") : "");
  if (value === undefined) return ({ info }) => labelOf(info) !== "";
  if (value.kind === "literal") return ({ info }) => labelOf(info) === value.text;
  const finds = finder(value);
  return ({ info }) => {
    const text = labelOf(info);
    return text !== "" && finds(text);
  };
}

function labelTexts({ labels }: Info): readonly string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`);
}

function finder(matcher: Matcher): (text: string) => boolean {
  if (matcher.kind === "regexp") return compileRegexp(matcher.pattern);
  return (text) => text.includes(matcher.text);
}
