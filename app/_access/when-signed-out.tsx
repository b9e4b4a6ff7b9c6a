"use client";
import { useRouter } from "next/navigation";
import { Suspense, useEffect, useRef } from "react";
import type { Session } from "../../content/remote/session.ts";
import { useStore } from "../_live/hooks.ts";
import { sessionStore } from "../_live/session.ts";
import { signedOutStore } from "../_live/signed-out.ts";
import { askingStore } from "./asking.ts";
import { loginHref } from "./from.ts";
import { SignInDialog } from "./sign-in-dialog.tsx";

/**
 * What becomes of a page whose calls are refused because nobody is signed in. One that was shown to somebody stays and asks over itself;
 * any other leads to Login, which leads back to it.
 */
export function WhenSignedOut() {
  const isSignedOut = useStore(signedOutStore);
  const isAsking = useStore(askingStore);
  const { answer } = useStore(sessionStore);
  const router = useRouter();
  const last = useRef<Session>(undefined);
  useEffect(() => {
    last.current = answer?.session ?? last.current;
  }, [answer]);
  useEffect(() => {
    askingStore.set(isSignedOut && last.current !== undefined);
    if (isSignedOut && last.current === undefined) router.replace(loginHref(window.location));
  }, [isSignedOut, router]);
  if (!isAsking || last.current === undefined) return null;
  return (
    <Suspense fallback={null}>
      <SignInDialog before={last.current} />
    </Suspense>
  );
}
