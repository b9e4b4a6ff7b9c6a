"use client";
import { useCallback, useRef } from "react";
import type { Session } from "../../content/remote/session.ts";
import { useStore } from "../_live/hooks.ts";
import { refreshSession, sessionStore } from "../_live/session.ts";
import { Button } from "../_ui/button.tsx";
import { Dialog } from "../_ui/popups/index.ts";
import styles from "./access.module.css";
import { askingStore } from "./asking.ts";
import { isSameSession } from "./roles.ts";
import { SignInForm } from "./sign-in-form.tsx";

/** Asks over the page who is there. @param before who was signed in when the page was shown */
export function SignInDialog({ before }: { readonly before: Session }) {
  const { answer } = useStore(sessionStore);
  const field = useRef<HTMLInputElement>(null);
  const firstToUse = useCallback(() => field.current ?? true, []);
  const close = () => askingStore.set(false);

  function onSignedIn(session: Session): void {
    // Somebody else is shown nothing of what the one before could see.
    if (!isSameSession(session, before)) return window.location.reload();
    close();
    void refreshSession();
  }

  return (
    <Dialog title="Sign in again" onClose={close} initialFocus={firstToUse}>
      <div className={styles.dialog}>
        <p>The page stays as it was, and goes on once you are signed in.</p>
        <SignInForm
          field={field}
          refusal={answer?.refusal ?? ""}
          onSignedIn={onSignedIn}
          acts={<Button onClick={close}>Not now</Button>}
        />
      </div>
    </Dialog>
  );
}
