"use client";
import { parseAsString, useQueryState } from "nuqs";
import type { ReactNode } from "react";
import { useEffect, useRef, useState } from "react";
import type { SessionAnswer } from "../../content/remote/session.ts";
import { SessionFacts, SignOut } from "../_access/account.tsx";
import { pathOf } from "../_access/from.ts";
import { trading } from "../_access/one-time.ts";
import { nameOf } from "../_access/roles.ts";
import { SignInForm } from "../_access/sign-in-form.tsx";
import { useStore } from "../_live/hooks.ts";
import { refreshSession, sessionStore } from "../_live/session.ts";
import { buttonClass } from "../_ui/button.tsx";
import { Logo } from "../_ui/logo.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import styles from "./login.module.css";

/** Where people sign in: by a token, and back to where they came from. */
export function LoginPage() {
  const { answer } = useStore(sessionStore);
  const href = useWayBack();
  useEffect(() => void refreshSession(), []);
  if (answer !== undefined && !answer.isSignInNeeded) return <NoSignIn href={href} />;
  if (answer?.session === undefined) return <AskToken href={href} answer={answer} />;
  const { session } = answer;
  return (
    <Card title={`Signed in as ${visibleText(nameOf(session))}`}>
      <SessionFacts session={session} />
      <span className={styles.acts}>
        {session.how === "session" && <SignOut />}
        <a className={buttonClass("primary")} href={href}>
          Go on
        </a>
      </span>
    </Card>
  );
}

/** Where the address says that people came from. */
function useWayBack(): string {
  const [from] = useQueryState("from", parseAsString);
  return typeof window === "undefined" ? "" : pathOf(from, window.location.origin);
}

/** The page itself, with its name, so that it is the same on every path. */
function Card({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const host = typeof window === "undefined" ? "" : window.location.host;
  return (
    <div className={styles.page}>
      <title>{`${title} · Stowage`}</title>
      <p className={styles.brand}>
        <Logo />
        <b>Stowage</b>
        <span className="muted">{host}</span>
      </p>
      <section className={styles.card}>
        <h1 tabIndex={-1}>{title}</h1>
        {children}
      </section>
    </div>
  );
}

function NoSignIn({ href }: { readonly href: string }) {
  return (
    <Card title="Open on this machine only">
      <p className={styles.note}>
        No sign-in is configured here: whoever can reach this server may do everything, and it listens on this machine
        alone. <code>[auth.tokens]</code> in its config turns sign-in on.
      </p>
      <span className={styles.acts}>
        <a className={buttonClass("primary")} href={href}>
          Go on
        </a>
      </span>
    </Card>
  );
}

interface AskTokenProps {
  readonly href: string;
  /** Absent: the server did not answer yet. */
  readonly answer: SessionAnswer | undefined;
}

function AskToken({ href, answer }: AskTokenProps) {
  const field = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState<string>();
  useEffect(() => field.current?.focus(), []);
  useEffect(() => void trading?.then(setRefused), []);
  return (
    <Card title="Sign in">
      <SignInForm
        field={field}
        refusal={refused ?? answer?.refusal ?? ""}
        // Loaded anew: who signs in may be somebody else than before, and the address keeps its fragment.
        onSignedIn={() => window.location.replace(href)}
      />
      <p className={styles.note}>
        {answer?.isOneTime && "As it started, the server printed a link that signs in once. "}
        An admin makes tokens in Settings. On the server&rsquo;s machine, <code>stowage token create</code> makes one
        too.
      </p>
    </Card>
  );
}
