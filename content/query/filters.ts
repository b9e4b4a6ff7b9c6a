import { isDigest } from "../digest.ts";
import { ContentError } from "../errors.ts";
import { limitFilters, limitPatterns } from "../filters/limits.ts";
import { goQuote } from "../quote.ts";
import type { Condition, DigestPrefix, LabelCondition, Matcher, Query, Span, Target, Term } from "./ast.ts";
import { formatDigestPrefix } from "./digest-prefix.ts";
import { groupsOf } from "./groups.ts";

/** As much of a query as containerd's filters can say. */
export interface SaidFilters {
  /** Or-ed, as `ctr content ls` takes them; none: everything. They let through whatever the query does. */
  readonly filters: readonly string[];
  /** Tokens that are not in the filters, in the order of the text. */
  readonly unsaid: readonly Span[];
}

/**
 * A query for `ctr content ls`, or `ctr content active`, which takes one filter: of ingests there is never more.
 *
 * Only digest, labels and ref can be asked there, and no pattern can be excluded. Groups of which one term cannot be
 * said, and those with which the filters were over a limit of filterLimits or regexpLimits, are left out whole.
 */
export function toContainerdFilters(query: Query): SaidFilters {
  let filters: readonly Said[] = [];
  const unsaid: Span[] = [];
  for (const group of groupsOf(query)) {
    const more = sayGroup(group, query.target);
    const combined = more && combine(filters, more);
    if (combined && isAccepted(combined)) filters = combined;
    else unsaid.push(...group.map(({ span }) => span));
  }
  return { filters: filters.map(({ text }) => text), unsaid: unsaid.toSorted((a, b) => a.start - b.start) };
}

/** A filter, and the patterns in it: the limits of a call go by them. */
interface Said {
  readonly text: string;
  readonly patterns: readonly string[];
}

/** Filters for what either of two lists lets through both times; a list of none lets everything through. */
function combine(before: readonly Said[], more: readonly Said[]): readonly Said[] {
  if (before.length === 0) return more;
  return before.flatMap((left) => more.map((right) => both(left, right)));
}

function both(left: Said, right: Said): Said {
  return { text: `${left.text},${right.text}`, patterns: [...left.patterns, ...right.patterns] };
}

/** They parse as they are made: only limits can refuse them. */
function isAccepted(filters: readonly Said[]): boolean {
  try {
    limitFilters(filters.map(({ text }) => text));
    limitPatterns(filters.flatMap(({ patterns }) => patterns));
    return true;
  } catch (error) {
    if (error instanceof ContentError) return false;
    throw error;
  }
}

/** A filter for each term of a group, or one for all of its refs; absent when a term cannot be said. */
function sayGroup(group: readonly Term[], target: Target): readonly Said[] | undefined {
  if (target === "ingests") return sayRefs(group);
  const said = group.flatMap(({ condition, excluded }) => say(condition, excluded) ?? []);
  return said.length === group.length ? said : undefined;
}

function sayRefs(group: readonly Term[]): readonly Said[] | undefined {
  const patterns: string[] = [];
  for (const { condition, excluded } of group) {
    if (excluded || (condition.field !== "ref" && condition.field !== "text")) return undefined;
    patterns.push(patternOf(condition.matcher));
  }
  if (patterns.length === 1) return patterns.map((pattern) => found("ref", pattern));
  // A quotation without end would take in what is put behind it.
  if (patterns.some((pattern) => pattern.includes("\\Q"))) return undefined;
  return [found("ref", patterns.map((pattern) => `(?:${pattern})`).join("|"))];
}

function say(condition: Condition, excluded: boolean): Said | undefined {
  if (condition.field === "label") return sayLabel(condition, excluded);
  if (condition.field !== "digest") return undefined;
  const { matcher } = condition;
  if (matcher.kind === "prefix") return sayPrefix(matcher, excluded);
  return excluded ? undefined : found("digest", matcher.pattern);
}

function sayPrefix(prefix: DigestPrefix, excluded: boolean): Said | undefined {
  const text = formatDigestPrefix(prefix);
  if (isDigest(text)) return exact(`digest${excluded ? "!=" : "=="}${text}`);
  if (excluded) return undefined;
  // The only colon of a digest stands before its hex.
  const pattern = `${prefix.algorithm === undefined ? ":" : "^"}${text}`;
  return found("digest", pattern, pattern);
}

/** `!=` and `~=` take an absent label as empty, `==` does not. */
function sayLabel({ key, value }: LabelCondition, excluded: boolean): Said | undefined {
  const path = `labels.${/^\w+$/.test(key) ? key : quoted(key)}`;
  const has = exact(`${path}!=""`);
  const hasNot = found(path, "^$", "^$");
  if (value === undefined) return excluded ? hasNot : has;
  if (value.kind === "regexp") return excluded ? undefined : both(has, found(path, value.pattern));
  if (value.text === "") return excluded ? has : hasNot;
  return exact(`${path}${excluded ? "!=" : "=="}${valued(value.text)}`);
}

function exact(text: string): Said {
  return { text, patterns: [] };
}

/** @param written the pattern as the filter has it, where that is as it is */
function found(path: string, pattern: string, written = valued(pattern)): Said {
  return { text: `${path}~=${written}`, patterns: [pattern] };
}

function patternOf(matcher: Matcher): string {
  return matcher.kind === "regexp" ? matcher.pattern : matcher.text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}

/** A value as a filter reads it: in quotes where it could be taken for something else. */
function valued(text: string): string {
  return /^\w[\w.:/@-]*$/.test(text) ? text : quoted(text);
}

/** containerd takes U+FFFD for what is no UTF-8. */
function quoted(text: string): string {
  return goQuote(text).replaceAll("\ufffd", "\\ufffd");
}
