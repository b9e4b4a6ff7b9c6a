import { isDigest } from "../../content/digest.ts";
import { parseDigest } from "../../content/parse-digest.ts";
import { parseDigestWord } from "../../content/query/digest-prefix.ts";
import { quoteKey, quoteValue } from "../../content/query.ts";

/** What somebody who types or pastes a text is after. */
export type Wanted =
  /** Nothing is typed. */
  | { readonly kind: "nothing" }
  /** One kind of thing, by the words after its prefix; none: all of them. */
  | { readonly kind: "actions" | "namespaces" | "pages" | "stores"; readonly words: string }
  /** Blobs with a label. `query`: the query's token; absent: no key is typed yet. */
  | { readonly kind: "labels"; readonly query?: string }
  | WantedAnything;

/** Whatever a text without a prefix can mean. */
export interface WantedAnything {
  readonly kind: "anything";
  readonly words: string;
  /** A digest, or its beginning, as a query says it. */
  readonly digest?: string;
  /** The namespace that the text names beside the digest: what is in it comes first. */
  readonly namespace?: string;
  /** Path and parameters of an address of this dashboard. */
  readonly path?: string;
}

/** Prefixes, and what each is for. */
export const prefixes = { ">": "actions", "@": "namespaces", $: "stores", "#": "labels", "/": "pages" } as const;

/** Longer texts are cut: nothing that can be found is longer. */
export const longestText = 4096;

/**
 * What a text asks for.
 *
 * @param origin of this dashboard, such as `http://127.0.0.1:3000`
 */
export function recognize(text: string, origin: string): Wanted {
  const words = text.slice(0, longestText).trim();
  if (words === "") return { kind: "nothing" };
  const path = pathIn(words, origin);
  const rest = words.slice(1).trim();
  if (path === undefined) {
    if (words.startsWith(">")) return { kind: "actions", words: rest };
    if (words.startsWith("@")) return { kind: "namespaces", words: rest };
    if (words.startsWith("/")) return { kind: "pages", words: rest };
    if (words.startsWith("$")) return { kind: "stores", words: rest };
    if (words.startsWith("#")) return labelIn(rest);
  }
  const digest = digestIn(words);
  const namespace = digest === undefined ? undefined : namespaceIn(words);
  return {
    kind: "anything",
    words,
    ...(digest !== undefined && { digest }),
    ...(namespace !== undefined && { namespace }),
    ...(path !== undefined && { path }),
  };
}

function labelIn(text: string): Wanted {
  if (text === "" || text.startsWith("=")) return { kind: "labels" };
  const end = text.indexOf("=");
  const key = end < 0 ? text : text.slice(0, end);
  const value = end < 0 ? "" : `=${quoteValue(text.slice(end + 1))}`;
  return { kind: "labels", query: `label:${quoteKey(key)}${end === text.length - 1 ? "" : value}` };
}

/** A whole address, or a path that has parameters. */
function pathIn(words: string, origin: string): string | undefined {
  const isPath = /^\/[a-z]+\?/.test(words);
  if (!isPath && !/^https?:\/\//.test(words)) return undefined;
  const url = URL.parse(words, origin);
  return url?.origin === origin ? `${url.pathname}${url.search}${url.hash}` : undefined;
}

/** A digest as people write it: with a colon, as a path of a layout, as the name of a file, escaped in an address. */
const writtenDigest = /(sha256|sha384|sha512)(?::|%3a|[/-])([0-9a-f]{64,128})(?![0-9a-f])/gi;

/** The beginning of a digest, or the first whole one of a longer text. */
function digestIn(words: string): string | undefined {
  if (parseDigestWord(words) !== undefined) return words.toLowerCase();
  for (const [, algorithm = "", hex = ""] of words.matchAll(writtenDigest)) {
    const digest = `${algorithm}:${hex}`.toLowerCase();
    if (isDigest(digest)) return parseDigest(digest);
  }
  return undefined;
}

/** `-n NAME` of a `ctr` line, `ns=NAME` of an address. */
function namespaceIn(words: string): string | undefined {
  const option = /(?:^|\s)ctr\b.*?\s(?:-n|--n|-namespace|--namespace)(?:\s+|=)["']?([\w.-]+)/.exec(words);
  const parameter = /[?&]ns=([\w.-]+)(?:&|$)/.exec(words);
  return option?.[1] ?? parameter?.[1];
}
