import { ContentError } from "../../content/errors.ts";
import type { Feed } from "./feed.ts";
import { formatToken, hashIdentity, hashSelection, parseToken } from "./token.ts";

/** How a stream goes on from an earlier one, and how a later one goes on from it. */
export interface Resumption {
  /** Number of the last change that the reader knows of; `expired`: nobody knows any more; absent: it knows nothing. */
  readonly from: number | "expired" | undefined;
  /** The token for a reader that knows of every change up to this number. */
  tokenAt(sequence: number): string;
}

/** What a stream is asked to go on from. */
export interface ResumeRequest {
  /** Everything that chooses the rows: the kind of stream, the selection, its order and limit. */
  readonly chosen: unknown;
  /** For whom the rows are; empty while everybody may read everything. */
  readonly identity: string;
  /** From an earlier stream; empty: there was none. */
  readonly token: string;
}

/** @throws `invalid-argument` for a text that is no token, and for a token of another selection or identity */
export function openResumption(
  feed: Pick<Feed, "boot" | "sequence">,
  { chosen, identity, token }: ResumeRequest,
): Resumption {
  const facts = { boot: feed.boot, selection: hashSelection(chosen), identity: hashIdentity(identity) };
  return {
    from: token === "" ? undefined : positionOf(token, facts, feed.sequence),
    tokenAt: (sequence) => formatToken({ ...facts, sequence }),
  };
}

function positionOf(
  token: string,
  { boot, selection, identity }: { boot: string; selection: string; identity: string },
  newest: number,
): number | "expired" {
  const said = parseToken(token);
  if (said === undefined) return "expired";
  if (said.selection !== selection) {
    throw new ContentError(
      "invalid-argument",
      "resume_token is of another selection, order or window; begin without one",
    );
  }
  if (said.identity !== identity) {
    throw new ContentError("invalid-argument", "resume_token is of another identity; begin without one");
  }
  return said.boot === boot && said.sequence <= newest ? said.sequence : "expired";
}
