"use client";
import { useEffect } from "react";
import type { StoreFacts } from "../../content/remote/stores.ts";
import { askingStore } from "../_access/asking.ts";
import { refreshSession } from "../_live/session.ts";
import { announce } from "../_ui/announcer.tsx";
import { Button } from "../_ui/button.tsx";
import { clause } from "../_ui/clause.ts";
import { Bar } from "../_ui/states.tsx";
import { Ago } from "../_ui/time.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import { TryAgain } from "./absent-store.tsx";

/** The server wants to know who this is: what is on the page stays, and it is asked over it. */
export function SignedOutBar() {
  useSignInElsewhere();
  useEffect(() => announce("You are signed out"), []);
  return (
    <Bar
      acts={
        <Button look="primary" onClick={() => askingStore.set(true)}>
          Sign in
        </Button>
      }
    >
      You are signed out. What is below was shown before.
    </Bar>
  );
}

/** Who signs in in another tab, and comes back to this one, is signed in here too. */
function useSignInElsewhere(): void {
  useEffect(() => {
    const onVisibility = () => document.visibilityState === "visible" && void refreshSession();
    document.addEventListener("visibilitychange", onVisibility);
    return () => document.removeEventListener("visibilitychange", onVisibility);
  }, []);
}

/** The page's store does not answer any longer. */
export function UnreachableBar({ facts: { name, reason, lastContact } }: { readonly facts: StoreFacts }) {
  useEffect(() => announce(`${name} is unreachable`), [name]);
  return (
    <Bar acts={<TryAgain />}>
      {visibleText(name)} is unreachable, and last answered <Ago at={lastContact} />
      {reason === "" ? "" : `: ${clause(reason)}`}. Rows are as they were then.
    </Bar>
  );
}
