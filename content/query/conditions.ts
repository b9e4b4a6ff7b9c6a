import { auditActs, auditCauses, auditKinds } from "../audit.ts";
import { ContentError } from "../errors.ts";
import { validateIdentifier } from "../identifiers.ts";
import type {
  AnyLabelCondition,
  Comparison,
  Condition,
  DigestCondition,
  LabelCondition,
  Matcher,
  Span,
  Target,
  TextCondition,
} from "./ast.ts";
import { imageStates, leaseStates, queryStates } from "./ast.ts";
import { parseComparison } from "./comparison.ts";
import { parseDigestPrefix, parseDigestWord } from "./digest-prefix.ts";
import { parseDuration } from "./durations.ts";
import { shown } from "./fault.ts";
import { fieldRefusal, isField } from "./fields.ts";
import type { Part, Token } from "./scanner.ts";
import { parseSize } from "./sizes.ts";

type Reader<T extends Target> = (parts: readonly Part[]) => Condition<T>;

const shared = {
  size: (parts) => ({ field: "size", range: parseComparison(textOf(parts), parseSize) }),
  age: (parts) => ({ field: "age", range: durationsOf(parts) }),
  ns: (parts) => ({ field: "ns", name: namespaceOf(parts) }),
} satisfies Readonly<Record<string, Reader<"blobs" | "ingests">>>;

const readers: { readonly [T in Target]: Readonly<Record<string, Reader<T>>> } = {
  blobs: {
    ...shared,
    digest: (parts) => ({ field: "digest", matcher: digestOf(parts) }),
    updated: (parts) => ({ field: "updated", range: durationsOf(parts) }),
    label: labelOf,
  },
  ingests: {
    ...shared,
    ref: (parts) => ({ field: "ref", matcher: matcherOf(parts) }),
    state: (parts) => ({ field: "state", state: stateOf(parts, "ingest", queryStates) }),
  },
  images: {
    ...shared,
    name: (parts) => ({ field: "name", matcher: matcherOf(parts) }),
    state: (parts) => ({ field: "state", state: stateOf(parts, "image", imageStates) }),
    label: labelOf,
  },
  leases: {
    ...shared,
    id: (parts) => ({ field: "id", matcher: matcherOf(parts) }),
    state: (parts) => ({ field: "state", state: stateOf(parts, "lease", leaseStates) }),
    label: labelOf,
  },
  namespaces: { size: shared.size, ns: shared.ns, label: labelOf },
  events: {
    ...shared,
    digest: (parts) => ({ field: "digest", matcher: digestOf(parts) }),
    ref: (parts) => ({ field: "ref", matcher: matcherOf(parts) }),
    who: (parts) => ({ field: "who", matcher: matcherOf(parts) }),
    from: (parts) => ({ field: "from", matcher: matcherOf(parts) }),
    object: (parts) => ({ field: "object", matcher: matcherOf(parts) }),
    store: (parts) => ({ field: "store", matcher: matcherOf(parts) }),
    code: (parts) => ({ field: "code", matcher: matcherOf(parts) }),
    act: (parts) => ({ field: "act", act: stateOf(parts, "act", auditActs) }),
    kind: (parts) => ({ field: "kind", kind: stateOf(parts, "kind", auditKinds) }),
    cause: (parts) => ({ field: "cause", cause: stateOf(parts, "cause", auditCauses) }),
  },
};

/** Words without a field; of blobs and events, what could begin a digest and is not in quotes is taken for that. */
const wordReaders: { readonly [T in Target]: Reader<T> } = {
  blobs: digestOrText,
  ingests: textCondition,
  images: textCondition,
  leases: textCondition,
  namespaces: textCondition,
  events: digestOrText,
};

function digestOrText(parts: readonly Part[]): DigestCondition | TextCondition {
  const matcher = matcherOf(parts);
  const plain = parts.every(({ kind }) => kind === "plain");
  const prefix = plain && matcher.kind === "literal" ? parseDigestWord(matcher.text) : undefined;
  return prefix ? { field: "digest", matcher: prefix } : { field: "text", matcher };
}

function textCondition(parts: readonly Part[]): TextCondition {
  return { field: "text", matcher: matcherOf(parts) };
}

/** The piece of a token that is to be marked when something is wrong with its value. */
export function blameOf({ span, valueSpan }: Token): Span {
  return valueSpan.end > valueSpan.start ? valueSpan : span;
}

/**
 * What a token asks.
 *
 * @throws `invalid-argument` for a field that is none, and a value that its field cannot have
 */
export function conditionOf<T extends Target>({ field, parts }: Token, target: T): Condition<T> {
  if (field === undefined) {
    if (parts.length > 0) return wordReaders[target](parts);
    throw new ContentError("invalid-argument", "- has to be followed by what it excludes");
  }
  const { name } = field;
  const read = isField(target, name) ? readers[target][name] : undefined;
  if (!read) throw new ContentError("invalid-argument", fieldRefusal(target, name));
  if (parts.length === 0) throw new ContentError("invalid-argument", `${name}: needs a value`);
  return read(parts);
}

function textOf(parts: readonly Part[]): string {
  if (parts.some(({ kind }) => kind === "regexp")) {
    throw new ContentError("invalid-argument", "no regular expression can stand here");
  }
  return parts.map(({ text }) => text).join("");
}

function matcherOf(parts: readonly Part[]): Matcher {
  const [first] = parts;
  const isRegexp = first?.kind === "regexp";
  const text = isRegexp ? first.text : textOf(parts);
  if (text === "") {
    throw new ContentError("invalid-argument", isRegexp ? "the regular expression is empty" : "the text is empty");
  }
  return isRegexp ? { kind: "regexp", pattern: text } : { kind: "literal", text };
}

function digestOf(parts: readonly Part[]): DigestCondition["matcher"] {
  const matcher = matcherOf(parts);
  if (matcher.kind === "regexp") return matcher;
  const prefix = parseDigestPrefix(matcher.text);
  if (prefix) return prefix;
  throw new ContentError("invalid-argument", `no digest begins with ${shown(matcher.text)}`);
}

/** An exact age would match for one microsecond. */
function durationsOf(parts: readonly Part[]): Comparison {
  const text = textOf(parts);
  const range = parseComparison(text, parseDuration);
  if (range.operator !== "=") return range;
  throw new ContentError("invalid-argument", `less or more than ${text}? Say <${text} or >${text}`);
}

function namespaceOf(parts: readonly Part[]): string {
  const name = textOf(parts);
  if (!isIdentifier(name)) throw new ContentError("invalid-argument", `${shown(name)} cannot be a namespace's name`);
  return name;
}

function isIdentifier(text: string): boolean {
  try {
    validateIdentifier(text);
    return true;
  } catch (error) {
    if (error instanceof ContentError) return false;
    throw error;
  }
}

function stateOf<State extends string>(parts: readonly Part[], noun: string, states: readonly State[]): State {
  const text = textOf(parts);
  const state = states.find((name) => name === text);
  if (state) return state;
  throw new ContentError("invalid-argument", `no ${noun} is ${shown(text)}; they are ${states.join(", ")}`);
}

function labelOf(parts: readonly Part[]): LabelCondition | AnyLabelCondition {
  const [first] = parts;
  if (first?.kind === "regexp") {
    if (first.text === "") throw new ContentError("invalid-argument", "the regular expression is empty");
    return { field: "any-label", pattern: first.text };
  }
  const equals = parts.findIndex(({ kind, text }) => kind === "plain" && text.endsWith("="));
  const key = textOf(equals < 0 ? parts : parts.slice(0, equals + 1));
  const name = equals < 0 ? key : key.slice(0, -1);
  if (name === "") throw new ContentError("invalid-argument", "label: needs a key, as in label:team=payments");
  if (equals < 0) return { field: "label", key: name };
  const value = parts.slice(equals + 1);
  if (value[0]?.kind === "regexp") return { field: "label", key: name, value: matcherOf(value) };
  return { field: "label", key: name, value: { kind: "literal", text: textOf(value) } };
}
