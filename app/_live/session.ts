import type { SessionAnswer } from "../../content/remote/session.ts";
import { patiently } from "../_ui/popups/patiently.ts";
import { tellSignedIn, tellSignedOut } from "./signed-out.ts";
import type { Store } from "./store.ts";
import { createStore } from "./store.ts";

/** Who is signed in. */
export interface SessionView {
  /** Absent: the server did not answer yet, or knows no sign-in, where everybody may do everything. */
  readonly answer?: SessionAnswer;
}

const none: SessionView = {};
const store = createStore(none);

/** Who is signed in, as the server sees it. */
export const sessionStore: Store<SessionView> = store;

const load = patiently(() => import("./ask-server.ts"));

/** Ask the server again who is signed in. What was known stays where it does not answer. */
export async function refreshSession(): Promise<void> {
  const { askSession } = await load();
  try {
    const answer = await askSession();
    store.set(answer === undefined ? none : { answer });
    if (answer?.isSignInNeeded && answer.session === undefined) tellSignedOut();
    else tellSignedIn();
  } catch {
    // The connection says by itself that it is lost.
  }
}
