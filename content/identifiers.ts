import { ContentError } from "./errors.ts";
import { goQuote } from "./quote.ts";
import { utf8Length } from "./utf8.ts";

/** Longest identifier, in bytes. */
const maxIdentifierLength = 76;

/** What an identifier looks like; errors quote it. */
const identifierPattern = "^[A-Za-z0-9]+(?:[._-](?:[A-Za-z0-9]+))*$";

const identifier = new RegExp(identifierPattern);

/** Longest ref, in bytes of UTF-8. containerd has no limit of its own. */
export const maxRefLength = 1024;

/**
 * Refuse what cannot name a namespace: one is letters and digits with single `.`, `_` and `-` between them, 76 bytes
 * at most (containerd's identifiers/validate.go).
 *
 * @throws `invalid-argument` with containerd's text
 */
export function validateIdentifier(text: string): void {
  if (text === "") throw new ContentError("invalid-argument", "identifier must not be empty");
  if (text.length <= maxIdentifierLength && identifier.test(text)) return;
  const quoted = goQuote(text);
  if (utf8Length(text) > maxIdentifierLength) {
    const limit = `greater than maximum length (${maxIdentifierLength} characters)`;
    throw new ContentError("invalid-argument", `identifier ${quoted} ${limit}`);
  }
  throw new ContentError("invalid-argument", `identifier ${quoted} must match ${identifierPattern}`);
}

/**
 * Refuse what cannot be the namespace of a call (containerd's namespaces/context.go, NamespaceRequired).
 *
 * @throws `invalid-argument` "namespace validation: …" with validateIdentifier's text
 */
export function validateNamespace(text: string): void {
  try {
    validateIdentifier(text);
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    throw new ContentError(error.kind, `namespace validation: ${error.message}`, { cause: error });
  }
}

/**
 * Refuse what cannot name an ingest: nothing, more than 1 KiB of UTF-8, a NUL, a text that is no Unicode.
 *
 * containerd refuses only the empty one; the rest keeps keys of a database and names in logs sane.
 *
 * @throws `invalid-argument`
 */
export function validateRef(ref: string): void {
  validateKey(ref, "ref");
}

/**
 * Refuse what cannot name a thing that is kept, by the rules of a ref.
 *
 * @param what names the text in the error, such as `image name`
 * @throws `invalid-argument`
 */
export function validateKey(text: string, what: string): void {
  if (text === "") throw new ContentError("invalid-argument", `${what} must not be empty`);
  if (utf8Length(text) > maxRefLength) {
    throw new ContentError("invalid-argument", `${what} greater than maximum size (${maxRefLength} bytes)`);
  }
  if (text.includes("\0")) throw new ContentError("invalid-argument", `${what} must not hold a NUL`);
  if (!text.isWellFormed()) throw new ContentError("invalid-argument", `${what} must be UTF-8`);
}
