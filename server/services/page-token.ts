import { createHash } from "node:crypto";
import { ContentError } from "../../content/errors.ts";
import { microsOf } from "../../content/instant.ts";
import type { BlobRow } from "../feed/change.ts";
import type { PageKey } from "../metadata/threads/job.ts";

/** Characters of a token, at most; a digest and a namespace are the most that one holds. */
const maxTokenLength = 1024;

/** Names the arguments that a token belongs to. */
export function fingerprint(args: unknown): string {
  return createHash("sha256").update(JSON.stringify(args)).digest("base64url").slice(0, 16);
}

/** A token for the page behind a row. It tells where the page begins, and gives no right to anything. */
export function toPageToken(args: string, { namespace, info }: BlobRow): string {
  const { digest, size, createdAt, updatedAt } = info;
  const key = [args, namespace, digest, size, microsOf(createdAt), microsOf(updatedAt)];
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

/** @throws `invalid-argument` for a text that is no token, and for one of other arguments */
export function fromPageToken(args: string, token: string): PageKey {
  const [of, namespace, digest, size, created, updated] = parse(token);
  if (
    typeof namespace !== "string" ||
    typeof digest !== "string" ||
    ![size, created, updated].every(Number.isSafeInteger)
  ) {
    throw notAToken();
  }
  if (of !== args) {
    throw new ContentError("invalid-argument", "page_token is of another selection or order; begin without one");
  }
  return { namespace, digest, size: Number(size), created_at: Number(created), updated_at: Number(updated) };
}

function parse(token: string): readonly unknown[] {
  try {
    if (token.length > maxTokenLength) throw notAToken();
    const value: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    return Array.isArray(value) ? value : [];
  } catch {
    throw notAToken();
  }
}

function notAToken(): ContentError {
  return new ContentError("invalid-argument", "page_token is none of this server's; begin without one");
}
