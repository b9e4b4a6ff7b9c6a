"use client";
import { LogOut, UserRound } from "lucide-react";
import { Suspense, useState } from "react";
import type { Session } from "../../content/remote/session.ts";
import { useStore } from "../_live/hooks.ts";
import { sessionStore } from "../_live/session.ts";
import { Button } from "../_ui/button.tsx";
import { errorText } from "../_ui/error-text.ts";
import { Icon } from "../_ui/icon.tsx";
import { In } from "../_ui/in.tsx";
import { Panel } from "../_ui/popups/index.ts";
import { useOpener } from "../_ui/use-opener.ts";
import { visibleText } from "../_ui/visible-text.ts";
import styles from "./access.module.css";
import { loadCalls } from "./load-calls.ts";
import { loginPath } from "./login-path.ts";
import { nameOf, roleWords, scopeWords } from "./roles.ts";

/** Who is signed in, where people sign in at all. @param className of a control at the top of the page */
export function Account({ className }: { readonly className: string | undefined }) {
  const { answer } = useStore(sessionStore);
  if (!answer?.isSignInNeeded || answer.session === undefined) return null;
  return <AccountButton session={answer.session} className={className} />;
}

interface AccountProps {
  readonly session: Session;
  readonly className: string | undefined;
}

function AccountButton({ session, className }: AccountProps) {
  const { anchor, isOpen, toggle, close } = useOpener();
  const name = visibleText(nameOf(session));
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className={className}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-label={`Account: ${name}, ${session.role}`}
        onClick={toggle}
      >
        <Icon of={UserRound} />
        <span className={`cut ${styles.account}`}>{name}</span>
      </button>
      {isOpen && (
        <Suspense fallback={null}>
          <Panel anchor={anchor} title={name} onClose={close}>
            <SessionFacts session={session} />
            {session.how === "session" && <SignOut />}
          </Panel>
        </Suspense>
      )}
    </>
  );
}

/** What somebody may do, where, and until when. */
export function SessionFacts({ session: { role, stores, namespaces, expiresAt } }: { readonly session: Session }) {
  return (
    <dl className={styles.facts}>
      <dt>Role</dt>
      <dd>
        <b>{role}</b> {roleWords[role]}
      </dd>
      <dt>Where</dt>
      <dd>
        {visibleText(scopeWords(stores, "store"))}, {visibleText(scopeWords(namespaces, "namespace"))}
      </dd>
      {expiresAt && (
        <>
          <dt>Ends</dt>
          <dd>
            <In at={expiresAt} /> at the latest
          </dd>
        </>
      )}
    </dl>
  );
}

/** Ends the session of this browser. The page is loaded anew, so that nothing stays of what could be seen. */
export function SignOut() {
  const [problem, setProblem] = useState<string>();

  async function signOut(): Promise<void> {
    const calls = await loadCalls();
    try {
      await calls.signOut();
      window.location.assign(loginPath);
    } catch (error) {
      setProblem(errorText(error));
    }
  }

  return (
    <>
      <Button icon={LogOut} onClick={() => void signOut()}>
        Sign out
      </Button>
      {problem !== undefined && (
        <p className="danger" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
