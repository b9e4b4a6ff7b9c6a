"use client";
import { useStore } from "../_live/hooks.ts";
import { sessionStore } from "../_live/session.ts";
import { signedOutStore } from "../_live/signed-out.ts";
import { factsOf, storesStore } from "../_live/stores.ts";
import { locksOf } from "../_shell/access.ts";

/** Why nothing may be copied to a store, in one sentence; absent: it may, as far as is known. */
export function useCopyLock(store: string): string | undefined {
  const facts = factsOf(useStore(storesStore), store);
  const { answer } = useStore(sessionStore);
  const isSignedOut = useStore(signedOutStore);
  if (!isSignedOut && facts?.allowsChanges === false) return `${store} is opened read-only`;
  return locksOf({ facts, answer, isSignedOut }).change;
}
