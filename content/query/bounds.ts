import { microsOf } from "../instant.ts";
import { piecesOf, requiredText } from "../required-text.ts";
import type { Condition, Query, Term } from "./ast.ts";
import { intervalOf } from "./comparison.ts";
import { textsOfPrefix } from "./digest-prefix.ts";
import { microsPerSecond } from "./durations.ts";
import { groupsOf } from "./groups.ts";
import type { Interval } from "./interval.ts";
import { before, complement, everything, hull, intersection } from "./interval.ts";

/**
 * What every row that matches a query has, in the terms of a database's indexes. A row outside does not match; one inside
 * matches unless `needsScan`.
 */
export interface QueryBounds {
  /** Only these; absent: any. */
  readonly namespaces?: readonly string[];
  /** None of these. */
  readonly excludedNamespaces: readonly string[];
  /** One of these begins the digest, its algorithm included; absent: any does. Ingests: absent. */
  readonly digestPrefixes?: readonly string[];
  /** Bytes; of ingests, the offset. */
  readonly size: Interval;
  /** Microseconds since 1970; of ingests, startedAt. */
  readonly createdMicros: Interval;
  /** Microseconds since 1970. Ingests: no end on either side. */
  readonly updatedMicros: Interval;
  /** Each occurs in the digest, or in a key or a value of a label. Ingests: does not count. */
  readonly texts: readonly string[];
  /** The query asks more than that: rows inside have to be tested one by one. */
  readonly needsScan: boolean;
}

type Draft = { -readonly [K in keyof QueryBounds]: QueryBounds[K] };

/** The bounds of a query. @param now as for compileBlobQuery */
export function queryBounds(query: Query, now: Date): QueryBounds {
  const draft: Draft = {
    excludedNamespaces: [],
    size: everything,
    createdMicros: everything,
    updatedMicros: everything,
    texts: [],
    needsScan: false,
  };
  for (const group of groupsOf(query)) {
    const exact = addNames(draft, group) || addDigests(draft, group) || addInterval(draft, group, microsOf(now));
    if (exact) continue;
    draft.needsScan = true;
    draft.texts = unique([...draft.texts, ...textsOf(group)]);
  }
  return draft;
}

/** What a row has to contain to pass one of these; nothing where there is a choice. */
function textsOf([term, another]: readonly Term[]): readonly string[] {
  if (term === undefined || another !== undefined || term.excluded) return [];
  const { condition } = term;
  switch (condition.field) {
    case "text":
      return piecesOf(
        condition.matcher.kind === "regexp" ? requiredText(condition.matcher.pattern) : condition.matcher.text,
      );
    case "any-label":
      return piecesOf(requiredText(condition.pattern));
    case "label": {
      const { key, value } = condition;
      if (value?.kind !== "literal") return [key];
      // A label that is empty is one that is not there.
      return value.text === "" ? [] : [key, value.text];
    }
    default:
      return [];
  }
}

function addNames(draft: Draft, group: readonly Term[]): boolean {
  const names = group.flatMap(({ condition }) => (condition.field === "ns" ? [condition.name] : []));
  if (names.length < group.length) return false;
  if (group.some(({ excluded }) => excluded))
    draft.excludedNamespaces = unique([...draft.excludedNamespaces, ...names]);
  else draft.namespaces = unique(names);
  return true;
}

function addDigests(draft: Draft, group: readonly Term[]): boolean {
  const prefixes: string[] = [];
  for (const { condition, excluded } of group) {
    if (excluded || condition.field !== "digest" || condition.matcher.kind !== "prefix") return false;
    prefixes.push(...textsOfPrefix(condition.matcher));
  }
  draft.digestPrefixes = unique(prefixes);
  return true;
}

/** Several ranges of one field are bounded by their hull. */
function addInterval(draft: Draft, group: readonly Term[], nowMicros: number): boolean {
  const places = group.flatMap((term) => placeOf(term, nowMicros) ?? []);
  const [first] = places;
  if (!first || places.length < group.length) return false;
  const { bound } = first;
  draft[bound] = intersection(draft[bound], places.map(({ interval }) => interval).reduce(hull));
  return places.length === 1;
}

interface Place {
  readonly bound: "size" | "createdMicros" | "updatedMicros";
  readonly interval: Interval;
}

function placeOf({ condition, excluded }: Term, nowMicros: number): Place | undefined {
  const place = includedPlaceOf(condition, nowMicros);
  if (!place || !excluded) return place;
  const interval = complement(place.interval);
  return interval && { bound: place.bound, interval };
}

function includedPlaceOf(condition: Condition, nowMicros: number): Place | undefined {
  switch (condition.field) {
    case "size":
      return { bound: "size", interval: intervalOf(condition.range) };
    case "age":
    case "updated": {
      const bound = condition.field === "age" ? "createdMicros" : "updatedMicros";
      return { bound, interval: before(nowMicros, intervalOf(condition.range, microsPerSecond)) };
    }
    default:
      return undefined;
  }
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
