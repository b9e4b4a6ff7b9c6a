import type { Condition, LabelCondition, Matcher, Query, Target, Term } from "./ast.ts";
import { formatComparison } from "./comparison.ts";
import { formatDigestPrefix, isDigestWord, parseDigestWord } from "./digest-prefix.ts";
import { formatDuration } from "./durations.ts";
import { formatSize } from "./sizes.ts";

/**
 * A query's canonical text: parseQuery makes an equal one of it, but for where its tokens stand. It can be a few
 * characters longer than what was typed.
 */
export function formatQuery(query: Query): string {
  return query.terms.map((term) => formatTerm(term.condition, term.excluded)).join(" ");
}

/** One token, for example of a cell or a facet, as addToken takes it. */
export function formatTerm<T extends Target>(condition: Condition<T>, excluded: Term["excluded"] = false): string {
  return `${excluded ? "-" : ""}${formatCondition(condition)}`;
}

/** A text as the value of a field, such as a completion: in quotes where it needs them. */
export function quoteValue(text: string): string {
  return plainValue.test(text) ? text : quoted(text);
}

/** A text as the key of a label: in quotes where it needs them. */
export function quoteKey(key: string): string {
  return key.includes("=") ? quoted(key) : quoteValue(key);
}

/** What is read as itself after a colon or `=`: nothing that ends it, no regular expression. */
const plainValue = /^[^\s"/][^\s"]*$/;

/** What an unquoted word would be read as, were it not a word. */
const notWord = /^(?:-|[A-Za-z]+:)/;

function formatCondition(condition: Condition): string {
  switch (condition.field) {
    case "text":
      return formatWord(condition.matcher);
    case "digest": {
      const { matcher } = condition;
      if (matcher.kind === "regexp") return `digest:${formatRegexp(matcher.pattern)}`;
      return `${isDigestWord(matcher) ? "" : "digest:"}${formatDigestPrefix(matcher)}`;
    }
    case "size":
      return `size:${formatComparison(condition.range, formatSize)}`;
    case "age":
    case "updated":
      return `${condition.field}:${formatComparison(condition.range, formatDuration)}`;
    case "ns":
      return `ns:${quoteValue(condition.name)}`;
    case "label":
      return `label:${formatLabel(condition)}`;
    case "any-label":
      return `label:${formatRegexp(condition.pattern)}`;
    case "ref":
    case "name":
    case "id":
    case "who":
    case "from":
    case "object":
    case "store":
    case "code":
      return `${condition.field}:${formatMatcher(condition.matcher)}`;
    case "state":
      return `state:${condition.state}`;
    case "act":
      return `act:${condition.act}`;
    case "kind":
      return `kind:${condition.kind}`;
    case "cause":
      return `cause:${condition.cause}`;
  }
}

/** In quotes also where blobs alone need them, so that a token means the same wherever it is put. */
function formatWord(matcher: Matcher): string {
  if (matcher.kind === "regexp") return formatRegexp(matcher.pattern);
  const { text } = matcher;
  return notWord.test(text) || parseDigestWord(text) ? quoted(text) : quoteValue(text);
}

function formatLabel({ key, value }: LabelCondition): string {
  if (value === undefined) return quoteKey(key);
  const absent = value.kind === "literal" && value.text === "";
  return `${quoteKey(key)}=${absent ? "" : formatMatcher(value)}`;
}

function formatMatcher(matcher: Matcher): string {
  return matcher.kind === "regexp" ? formatRegexp(matcher.pattern) : quoteValue(matcher.text);
}

/** A backslash is doubled only where it would be read with what follows it. */
function quoted(text: string): string {
  return `"${text.replace(/"|\\(?=["\\]|$)/g, "\\$&")}"`;
}

/** Escapes stay, and a slash becomes one. */
function formatRegexp(pattern: string): string {
  return `/${pattern.replace(/\\.|\//gs, (piece) => (piece === "/" ? "\\/" : piece))}/`;
}
