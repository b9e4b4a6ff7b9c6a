"use client";
import { Eye, EyeOff, Info, TriangleAlert } from "lucide-react";
import type { FormEvent, ReactNode, RefObject } from "react";
import { useId, useState } from "react";
import type { Session } from "../../content/remote/session.ts";
import { Button, IconButton } from "../_ui/button.tsx";
import { Icon } from "../_ui/icon.tsx";
import styles from "./access.module.css";
import { loadCalls } from "./load-calls.ts";

interface SignInFormProps {
  readonly field: RefObject<HTMLInputElement | null>;
  /** Why nobody is signed in, as the server said it before; empty: it said nothing. */
  readonly refusal: string;
  /** What else can be done. */
  readonly acts?: ReactNode;
  readonly onSignedIn: (session: Session) => void;
}

/** Asks for a token and trades it for a session; stays with the server's words where that is refused. */
export function SignInForm({ field, refusal, acts, onSignedIn }: SignInFormProps) {
  const id = useId();
  const [token, setToken] = useState("");
  const [isShown, setShown] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isBusy || token === "") return field.current?.focus();
    setBusy(true);
    const { signIn, refusalText } = await loadCalls();
    try {
      onSignedIn(await signIn(token));
    } catch (error) {
      setProblem(refusalText(error));
      setBusy(false);
      field.current?.focus();
      field.current?.select();
    }
  }

  return (
    <form className={styles.form} method="post" onSubmit={(event) => void submit(event)}>
      {problem === undefined && refusal !== "" && (
        <p className={styles.note}>
          <Icon of={Info} /> {refusal}
        </p>
      )}
      <label htmlFor={id}>Token</label>
      <span className={styles.token}>
        <input
          ref={field}
          id={id}
          type={isShown ? "text" : "password"}
          value={token}
          placeholder="stw_…"
          autoComplete="current-password"
          autoCapitalize="off"
          spellCheck={false}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : `${id}-words`}
          // What is pasted often has spaces or a line's end around it.
          onChange={({ target }) => setToken(target.value.trim())}
        />
        <IconButton
          icon={isShown ? EyeOff : Eye}
          label={isShown ? "Hide token" : "Show token"}
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
        />
      </span>
      {problem !== undefined && (
        <p className={styles.problem} id={`${id}-words`} role="alert">
          <Icon of={TriangleAlert} /> {problem}
        </p>
      )}
      <span className={styles.acts}>
        {acts}
        <Button look="primary" type="submit" isBusy={isBusy}>
          Sign in
        </Button>
      </span>
    </form>
  );
}
