import type { Identity } from "../policy/access.ts";
import type { AuthMethod, Refusal } from "../policy/authenticate.ts";
import type { SessionCookie } from "./cookie.ts";
import type { Tokens } from "./tokens.ts";

/** An auth method as a plugin opens it: `[auth.ID]` turns it on. */
export interface Auth extends AuthMethod, AsyncDisposable {
  /** Absent: it keeps no tokens, and nobody signs in by it. */
  readonly keeper?: TokenKeeper;
}

/** Where tokens and the sessions that they are traded for are kept. */
export interface TokenKeeper {
  /** Revoking one ends at once whoever came in by it. */
  readonly tokens: Tokens;
  readonly cookie: SessionCookie;
  /** Trade a token for a session. @returns the session's secret, and who came in */
  signIn(token: string): { readonly secret: string; readonly identity: Identity } | Refusal;
  /** End a session, and whatever goes on in it. @returns true where there was one */
  signOut(secret: string): boolean;
  /**
   * Follows the URL of the ready line: `/#token=…`, of a token that signs in once. Absent: there is none, since tokens are
   * configured.
   */
  readonly fragment?: string;
}
