import { isKind } from "../../content/errors.ts";
import type { AccessToken, AccessTokenDraft } from "../../content/remote/access.ts";
import * as access from "../../content/remote/access.ts";
import type { Session } from "../../content/remote/session.ts";
import { getSession } from "../../content/remote/session.ts";
import { connectTransport } from "../../content/remote/transport.ts";
import { errorText } from "../_ui/error-text.ts";

/** The page's own server. A token that is refused here does not mean that nobody is signed in. */
const toServer = () => connectTransport(window.location.origin);

/** As content/remote/access.ts has it, from this page. */
export const signIn = (token: string): Promise<Session> => access.signIn(toServer(), token);

/** As signIn. */
export const signOut = (): Promise<void> => access.signOut(toServer());

/** As signIn. */
export const createToken = (draft: AccessTokenDraft): Promise<{ readonly token: AccessToken; readonly text: string }> =>
  access.createToken(toServer(), draft);

/** As signIn. */
export const listTokens = (): Promise<readonly AccessToken[]> => access.listTokens(toServer());

/** As signIn. */
export const revokeToken = (id: string): Promise<AccessToken> => access.revokeToken(toServer(), id);

/** Why a token was refused: the server's own words. */
export function refusalText(error: unknown): string {
  const isSaid = (["unauthenticated", "resource-exhausted", "failed-precondition"] as const).some((kind) =>
    isKind(error, kind),
  );
  return isSaid && error instanceof Error ? error.message : errorText(error);
}

/** Sign in by a link. @returns why nobody is signed in now; undefined where somebody is, or need not be */
export async function trade(token: string): Promise<string | undefined> {
  try {
    await signIn(token);
    return undefined;
  } catch (error) {
    // A link that is opened a second time leads whoever signed in by it to the page all the same.
    const answer = await getSession(toServer()).catch(() => undefined);
    const isNobody = answer?.isSignInNeeded === true && answer.session === undefined;
    return isNobody ? refusalText(error) : undefined;
  }
}
