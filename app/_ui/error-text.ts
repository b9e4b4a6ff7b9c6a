import { ContentError } from "../../content/errors.ts";

/** What went wrong, for people: the server's own words, with its kind where they do not say it. */
export function errorText(error: unknown): string {
  if (!(error instanceof ContentError)) return error instanceof Error ? error.message : String(error);
  const reference = error.facts.reference === undefined ? "" : ` (${error.facts.reference})`;
  return `${kindWords(error)}: ${error.message}${reference}`;
}

/** The kind of an error in words, such as `not found`. */
export function kindWords(error: ContentError): string {
  return error.kind.replaceAll("-", " ");
}
