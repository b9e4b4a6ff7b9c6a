import { isDigest } from "../digest.ts";
import { ContentError } from "../errors.ts";
import { compileFilters } from "../filters.ts";
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
  let filters: readonly string[] = [];
  const unsaid: Span[] = [];
  for (const group of groupsOf(query)) {
    const more = sayGroup(group, query.target);
    const both = more && combine(filters, more);
    if (both && isAccepted(both)) filters = both;
    else unsaid.push(...group.map(({ span }) => span));
  }
  return { filters, unsaid: unsaid.toSorted((a, b) => a.start - b.start) };
}

/** Filters for what either of two lists lets through both times; a list of none lets everything through. */
function combine(before: readonly string[], more: readonly string[]): readonly string[] {
  if (before.length === 0) return more;
  return before.flatMap((left) => more.map((right) => `${left},${right}`));
}

function isAccepted(filters: readonly string[]): boolean {
  try {
    compileFilters(filters);
    return true;
  } catch (error) {
    if (error instanceof ContentError) return false;
    throw error;
  }
}

/** A filter for each term of a group, or one for all of its refs; absent when a term cannot be said. */
function sayGroup(group: readonly Term[], target: Target): readonly string[] | undefined {
  if (target === "ingests") return sayRefs(group);
  const said = group.flatMap(({ condition, excluded }) => say(condition, excluded) ?? []);
  return said.length === group.length ? said : undefined;
}

function sayRefs(group: readonly Term[]): readonly string[] | undefined {
  const patterns: string[] = [];
  for (const { condition, excluded } of group) {
    if (excluded || (condition.field !== "ref" && condition.field !== "text")) return undefined;
    patterns.push(patternOf(condition.matcher));
  }
  if (patterns.length === 1) return patterns.map((pattern) => `ref~=${valued(pattern)}`);
  // A quotation without end would take in what is put behind it.
  if (patterns.some((pattern) => pattern.includes("\\Q"))) return undefined;
  return [`ref~=${valued(patterns.map((pattern) => `(?:${pattern})`).join("|"))}`];
}

function say(condition: Condition, excluded: boolean): string | undefined {
  if (condition.field === "label") return sayLabel(condition, excluded);
  if (condition.field !== "digest") return undefined;
  const { matcher } = condition;
  if (matcher.kind === "prefix") return sayPrefix(matcher, excluded);
  return excluded ? undefined : `digest~=${valued(matcher.pattern)}`;
}

function sayPrefix(prefix: DigestPrefix, excluded: boolean): string | undefined {
  const text = formatDigestPrefix(prefix);
  if (isDigest(text)) return `digest${excluded ? "!=" : "=="}${text}`;
  if (excluded) return undefined;
  // The only colon of a digest stands before its hex.
  return `digest~=${prefix.algorithm === undefined ? ":" : "^"}${text}`;
}

/** `!=` and `~=` take an absent label as empty, `==` does not. */
function sayLabel({ key, value }: LabelCondition, excluded: boolean): string | undefined {
  const path = `labels.${/^\w+$/.test(key) ? key : quoted(key)}`;
  const has = `${path}!=""`;
  const hasNot = `${path}~=^$`;
  if (value === undefined) return excluded ? hasNot : has;
  if (value.kind === "regexp") return excluded ? undefined : `${has},${path}~=${valued(value.pattern)}`;
  if (value.text === "") return excluded ? has : hasNot;
  return `${path}${excluded ? "!=" : "=="}${valued(value.text)}`;
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
