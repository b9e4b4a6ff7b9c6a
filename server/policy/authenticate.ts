import { ContentError } from "../../content/errors.ts";
import { StartError } from "../start-error.ts";
import type { Identity } from "./access.ts";
import { noAccess, socketAccess } from "./access.ts";
import type { Credentials } from "./credentials.ts";
import { credentialsOf } from "./credentials.ts";
import type { Failures } from "./failures.ts";
import { createFailures } from "./failures.ts";
import type { CallHeaders } from "./headers.ts";
import { localPeer } from "./identify.ts";

/** Why something that was shown is no good. */
export interface Refusal {
  /** In one line for people, that says what to do. */
  readonly refusal: string;
  /**
   * Names what was shown, and was never good: too many of those, and its address is not listened to for a while. The same
   * name counts once, the empty one each time; absent: it was good once.
   */
  readonly guess?: string;
}

/** A way to say who calls. It answers at once, since every call waits for it. */
export interface AuthMethod {
  /**
   * @param mayGuess false: its address showed too much that was wrong; a method whose secrets can be guessed tells only whom it let in
   *   before, others may go on: what is good is good from any address
   * @returns who shows this; absent: nothing is shown that this method knows of
   */
  identify(shown: Credentials, mayGuess: boolean): Identity | Refusal | undefined;
  /** True: who comes over a unix socket has to show something too. */
  readonly socket: boolean;
}

/** Why what was shown let nobody in: it was never good, it ended, or its address showed too much that was wrong. */
export type RefusalReason = "unknown" | "ended" | "limited";

/** Who calls, or why that is not known: `unauthenticated`, `resource-exhausted`, `internal` where a method failed. */
export type Authenticated = Identity | ContentError;

/** Says who calls, whatever way it comes in. */
export interface Authenticator {
  /** Does not throw: nothing stands behind it yet that would answer. @param peer where the call comes from: an address, or localPeer */
  identify(headers: CallHeaders, peer: string): Authenticated;
  /**
   * Look at what one shows in another way than by headers. What is good is good from any address: others of a machine, or behind one
   * NAT, keep nobody out by showing what is wrong.
   *
   * @throws what `look` was refused with, or `resource-exhausted` from an address that is not listened to
   */
  attempt<Good extends object>(peer: string, look: () => Good | Refusal): Good;
  /** How often something was shown in vain since the start. */
  readonly refusals: Readonly<Record<RefusalReason, number>>;
}

/** @param failures absent: as a server counts them */
export function createAuthenticator(
  methods: readonly AuthMethod[],
  failures: Failures = createFailures(),
): Authenticator {
  const refusals: Record<RefusalReason, number> = { unknown: 0, ended: 0, limited: 0 };
  const isSocketFree = methods.every(({ socket }) => !socket);

  /** Why an address is not listened to; absent: it is. A socket's mode guards it already. */
  function tooMany(peer: string): ContentError | undefined {
    const waitMs = peer === localPeer ? 0 : failures.waitMs(peer);
    if (waitMs <= 0) return undefined;
    const text = `Too many wrong tokens from your address; try again in ${Math.ceil(waitMs / 1000)} s.`;
    return new ContentError("resource-exhausted", text);
  }

  function refused(peer: string, { refusal, guess }: Refusal): ContentError {
    refusals[guess === undefined ? "ended" : "unknown"] += 1;
    if (guess !== undefined) failures.add(peer, guess);
    return new ContentError("unauthenticated", refusal);
  }

  function limit(error: ContentError): ContentError {
    refusals.limited += 1;
    return error;
  }

  /** What was good once is no guess, and its bearer learns why it is not any more. */
  function inVain(peer: string, found: Refusal, limited: ContentError | undefined): ContentError {
    return limited !== undefined && found.guess !== undefined ? limit(limited) : refused(peer, found);
  }

  function identify(headers: CallHeaders, peer: string): Authenticated {
    const shown = credentialsOf(headers);
    const limited = tooMany(peer);
    for (const method of methods) {
      const found = method.identify(shown, limited === undefined);
      if (found === undefined) continue;
      if (!("refusal" in found)) return found;
      return inVain(peer, found, limited);
    }
    const shows = shown.bearer !== undefined || shown.cookies.size > 0;
    if (limited !== undefined && shows) return limit(limited);
    if (shown.bearer !== undefined) return refused(peer, { refusal: notKnown, guess: "" });
    if (peer === localPeer && isSocketFree) return socketIdentity;
    return new ContentError("unauthenticated", nothingShown);
  }

  return {
    refusals,
    identify(headers, peer) {
      try {
        return identify(headers, peer);
      } catch (cause) {
        return new ContentError("internal", cannotTell, { cause });
      }
    },
    attempt(peer, look) {
      const limited = tooMany(peer);
      const found = look();
      if ("refusal" in found) throw inVain(peer, found, limited);
      return found;
    },
  };
}

const shared = new WeakMap<AuthMethod, Authenticator>();

/** The one of all that ask for the same methods, so that wrong tokens count together; absent where there are no methods. */
export function sharedAuthenticator(methods: readonly AuthMethod[]): Authenticator | undefined {
  const [first] = methods;
  if (first === undefined) return undefined;
  const known = shared.get(first) ?? createAuthenticator(methods);
  shared.set(first, known);
  return known;
}

/**
 * As sharedAuthenticator, for what lets callers in.
 *
 * @param signIn true: callers have to say who they are
 * @throws StartError where they have to and no method is open: until the start is given up for that, everybody could do everything
 */
export function requiredAuthenticator(methods: readonly AuthMethod[], signIn: boolean): Authenticator | undefined {
  if (signIn && methods.length === 0) throw new StartError("nobody can sign in, since no auth method is open");
  return sharedAuthenticator(methods);
}

/** What is said to one who shows nothing. */
export const nothingShown = "Sign in: this server needs a token.";

/** What is said where a method failed. */
const cannotTell = "It cannot be found out who you are; the server's log says why.";

/** What is said of a token that no method knows. */
export const notKnown = "This token is not known here.";

const socketIdentity: Identity = { name: "", access: socketAccess };

/** Who may do nothing but what is open to everybody. */
export const nobody: Identity = { name: "", access: noAccess };
