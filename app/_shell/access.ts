import type { SessionAnswer } from "../../content/remote/session.ts";
import type { StoreFacts } from "../../content/remote/stores.ts";
import type { Locks } from "../_ui/lock.ts";

/** What decides what may be done here. */
export interface Standing {
  /** Of the page's store; absent: not known. */
  readonly facts: StoreFacts | undefined;
  /** Absent: not known, or the server knows no sign-in. */
  readonly answer: SessionAnswer | undefined;
  /** The server refused a call because nobody is signed in. */
  readonly isSignedOut: boolean;
}

/** What is not let here, and why: nothing is locked that is not known to be, since the server refuses by itself. */
export function locksOf({ facts, answer, isSignedOut }: Standing): Locks {
  const role = answer?.session?.role ?? "admin";
  const isReader = role === "reader" || role === "auditor";
  const change = isSignedOut
    ? "You are signed out"
    : facts?.allowsChanges === false
      ? "This store is opened read-only"
      : isReader
        ? `${role} may look but not change anything; operator or admin may`
        : undefined;
  const admin = isSignedOut ? "You are signed out" : role === "admin" ? undefined : `${role} may not; admin may`;
  const audit = isSignedOut || role !== "reader" ? undefined : "reader may not; auditor, operator or admin may";
  return { ...(change && { change }), ...(admin && { admin }), ...(audit && { audit }) };
}
