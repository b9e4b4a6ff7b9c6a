import { createHash } from "node:crypto";
import { ContentError } from "../../content/errors.ts";

/** What a resume token says: where a stream stood, and what it was a stream of. It gives no right to anything. */
export interface TokenFacts {
  /** Of the feed that counted: 16 hexadecimal digits. */
  readonly boot: string;
  /** Number of the last change that the reader knows of. */
  readonly sequence: number;
  /** Of everything that chooses the rows: 24 hexadecimal digits. */
  readonly selection: string;
  /** Of whom the rows were for: 12 hexadecimal digits. */
  readonly identity: string;
}

/** The first byte; another one is of another version of this server. */
const version = 1;

/** Bytes of each fact, in their order. */
const sizes = { boot: 8, sequence: 6, selection: 12, identity: 6 } as const;

const tokenBytes = 1 + sizes.boot + sizes.sequence + sizes.selection + sizes.identity;

/** The token of these facts: URL-safe, 44 characters. */
export function formatToken({ boot, sequence, selection, identity }: TokenFacts): string {
  const number = Buffer.alloc(sizes.sequence);
  number.writeUIntBE(sequence, 0, sizes.sequence);
  const parts = [Buffer.of(version), fromHex(boot), number, fromHex(selection), fromHex(identity)];
  return Buffer.concat(parts).toString("base64url");
}

/**
 * The facts of a token; absent for one of another version of this server.
 *
 * @throws `invalid-argument` for a text that is no token
 */
export function parseToken(token: string): TokenFacts | undefined {
  const bytes = /^[\w-]{1,128}$/.test(token) ? Buffer.from(token, "base64url") : Buffer.alloc(0);
  if (bytes.toString("base64url") !== token) throw notAToken();
  if (bytes[0] !== version) return undefined;
  if (bytes.length !== tokenBytes) throw notAToken();
  let at = 1;
  const next = (size: number): Buffer => bytes.subarray(at, (at += size));
  return {
    boot: next(sizes.boot).toString("hex"),
    sequence: next(sizes.sequence).readUIntBE(0, sizes.sequence),
    selection: next(sizes.selection).toString("hex"),
    identity: next(sizes.identity).toString("hex"),
  };
}

/** TokenFacts.selection of whatever chooses the rows of a stream. */
export function hashSelection(chosen: unknown): string {
  return hash(JSON.stringify(chosen), sizes.selection);
}

/** TokenFacts.identity of a caller. */
export function hashIdentity(identity: string): string {
  return hash(identity, sizes.identity);
}

function hash(text: string, bytes: number): string {
  return createHash("sha256")
    .update(text)
    .digest("hex")
    .slice(0, 2 * bytes);
}

function fromHex(text: string): Buffer {
  return Buffer.from(text, "hex");
}

function notAToken(): ContentError {
  return new ContentError("invalid-argument", "resume_token is none of this server's; begin without one");
}
