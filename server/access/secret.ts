import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Bytes of a secret. */
const secretBytes = 32;

/** Bytes of a token's id. */
const idBytes = 6;

/** Begins every token, so that those who look for secrets that got out know one. */
const tokenPrefix = "stw_";

const tokenForm = /^stw_[\w-]{43}$/;
const sessionForm = /^[\w-]{43}$/;

/** A new token: `stw_` and 256 random bits in base64url. */
export function makeToken(): string {
  return tokenPrefix + randomBytes(secretBytes).toString("base64url");
}

/** A new id of a token, which is no secret. */
export function makeTokenId(): string {
  return randomBytes(idBytes).toString("hex");
}

/** A new secret of a session: 256 random bits in base64url. */
export function makeSessionSecret(): string {
  return randomBytes(secretBytes).toString("base64url");
}

/** True for a text that can be a token. */
export function isToken(text: string): boolean {
  return tokenForm.test(text);
}

/** True for a text that can be the secret of a session. */
export function isSessionSecret(text: string): boolean {
  return sessionForm.test(text);
}

/**
 * What is kept of a secret: its SHA-256, in hexadecimal. A slow hash is for what people make up; 256 random bits cannot be
 * guessed, however fast each guess is.
 */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Compare two hashes in a time that does not tell where they differ. */
export function isSameHash(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
