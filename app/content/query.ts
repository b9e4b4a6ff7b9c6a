import type { Selection } from "../../content/remote/events.ts";

/** How a query is read. */
export type QueryKind = "none" | "filter" | "regexp" | "digest";

/** A query, and what it asks of the server. */
export interface Query {
  readonly kind: QueryKind;
  readonly selection: Pick<Selection, "filters" | "regexp">;
}

/** What a person pastes who looks for one blob: a digest or the start of one. */
const digestStart = /^(?:sha(?:256|384|512):)?[0-9a-f]{6,128}$/;

/** Reads a query: `/…/` is a regular expression, the start of a digest is one, all else is a filter of containerd's. */
export function readQuery(text: string): Query {
  const query = text.trim();
  if (query === "") return { kind: "none", selection: {} };
  if (query.length > 1 && query.startsWith("/")) {
    return { kind: "regexp", selection: { regexp: query.slice(1, query.endsWith("/") ? -1 : undefined) } };
  }
  if (digestStart.test(query)) {
    const start = query.includes(":") ? `^${query}` : `^[a-z0-9]+:${query}`;
    return { kind: "digest", selection: { regexp: start } };
  }
  return { kind: "filter", selection: { filters: [query] } };
}

/** What is wrong with a query, and where, as far as the server's words tell. */
export interface QueryFault {
  readonly text: string;
  readonly before: string;
  /** The wrong part; empty when the place is not known. */
  readonly wrong: string;
  readonly after: string;
}

/** containerd marks the place with `>|` and `|<` (filters/parser.go); Go's regexp quotes what it stopped at. */
export function faultOf(message: string, query: string): QueryFault {
  const marked = /\[(.*) >\|(.*)\|< (.*)\]: (.*)$/s.exec(message);
  if (marked) {
    const [, before = "", wrong = "", after = "", text = ""] = marked;
    return { text, before, wrong, after };
  }
  const whole = /\[(.*)\]: (.*)$/s.exec(message);
  if (whole) return { text: whole[2] ?? message, before: whole[1] ?? "", wrong: "", after: "" };
  const quoted = /: `(.+)`$/s.exec(message)?.[1];
  const at = quoted === undefined ? -1 : query.indexOf(quoted);
  if (quoted === undefined || at < 0) return { text: message, before: query, wrong: "", after: "" };
  const text = message.slice(0, -(quoted.length + 4)).replace(/^error parsing regexp: /, "");
  return { text, before: query.slice(0, at), wrong: quoted, after: query.slice(at + quoted.length) };
}
