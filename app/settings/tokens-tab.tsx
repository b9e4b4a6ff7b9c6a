"use client";
import { Ban, Plus } from "lucide-react";
import { Suspense, useEffect, useRef, useState } from "react";
import { isKind } from "../../content/errors.ts";
import type { AccessToken } from "../../content/remote/access.ts";
import { loadCalls } from "../_access/load-calls.ts";
import { scopeWords } from "../_access/roles.ts";
import { useServerNow, useStore } from "../_live/hooks.ts";
import { whileInSight } from "../_live/in-sight.ts";
import { sessionStore } from "../_live/session.ts";
import { Button } from "../_ui/button.tsx";
import { In } from "../_ui/in.tsx";
import { Confirm } from "../_ui/popups/index.ts";
import { DeniedState, ErrorState, State } from "../_ui/states.tsx";
import { Ago } from "../_ui/time.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import { NewToken } from "./new-token.tsx";
import styles from "./settings.module.css";
import type { TableColumn } from "./table.tsx";
import { Table } from "./table.tsx";
import { tokenEnd } from "./token-end.ts";
import { useAnswer } from "./use-answer.ts";

/** When tokens were last used is asked so often, in milliseconds. */
const againMs = 15_000;

/** @returns a function that ends it */
function repeat(run: () => void): () => void {
  const timer = setInterval(run, againMs);
  return () => clearInterval(timer);
}

const ask = async () => (await loadCalls()).listTokens();

/** The tokens that people and programs call with; only an admin sees and makes them. */
export function TokensTab() {
  const { answer } = useStore(sessionStore);
  if (answer === undefined) return null;
  const { isSignInNeeded, session } = answer;
  if (!isSignInNeeded) {
    return (
      <State title="No sign-in is configured">
        Whoever can reach this server may do everything. <code>[auth.tokens]</code> in its config turns sign-in on.
      </State>
    );
  }
  if (session?.role === "admin") return <Tokens />;
  return (
    <State title="Tokens are for admins">
      {session === undefined
        ? "You are signed out."
        : `You are signed in as ${session.role}. Ask an admin to make a token for you, or to revoke one.`}
    </State>
  );
}

function Tokens() {
  const { value: tokens, error, retry } = useAnswer(ask);
  const [isMaking, setMaking] = useState(false);
  useEffect(() => whileInSight(() => repeat(retry)), [retry]);
  const columns = useColumns(retry);
  const nowMs = useServerNow(15_000);
  const [over, setOver] = useState<ReadonlySet<string>>();
  if (tokens !== undefined && over === undefined) setOver(idsOfEnded(tokens, nowMs));
  if (isKind(error, "permission-denied")) return <DeniedState what="the tokens" error={error} onRetry={retry} />;
  if (error !== undefined && tokens === undefined) return <ErrorState error={error} onRetry={retry} />;
  return (
    <>
      <p className={styles.acts}>
        <Button look="primary" icon={Plus} needs="admin" onClick={() => setMaking(true)}>
          New…
        </Button>
        <span className="muted">Whoever has a token’s text may what the token may.</span>
      </p>
      {tokens && tokens.length > 0 && (
        <Table
          label="Tokens"
          columns={columns}
          rows={validFirst(tokens, over)}
          keyOf={({ id }) => id}
          isOld={(token) => tokenEnd(token, nowMs) !== undefined}
        />
      )}
      {tokens?.length === 0 && (
        <State title="There are no tokens">
          Make the first one here, or by <code>stowage token create</code>.
        </State>
      )}
      <Suspense fallback={null}>
        {isMaking && <NewToken tokens={tokens ?? []} onMade={retry} onClose={() => setMaking(false)} />}
      </Suspense>
    </>
  );
}

function idsOfEnded(tokens: readonly AccessToken[], nowMs: number): ReadonlySet<string> {
  return new Set(tokens.filter((token) => tokenEnd(token, nowMs) !== undefined).map(({ id }) => id));
}

/** Those that were good when they were first shown before those that were not: what ends meanwhile stays where it is. */
function validFirst(tokens: readonly AccessToken[], over: ReadonlySet<string> | undefined): readonly AccessToken[] {
  const wasOver = ({ id }: AccessToken) => Number(over?.has(id) === true);
  return tokens.toSorted((a, b) => wasOver(a) - wasOver(b));
}

function useColumns(onRevoked: () => void): readonly TableColumn<AccessToken>[] {
  return [
    { name: "Name", isLong: true, cell: (token) => <Name token={token} /> },
    { name: "Role", cell: ({ role }) => role },
    { name: "Where", isLong: true, cell: (token) => <Where token={token} /> },
    { name: "Created", cell: (token) => <Created token={token} /> },
    { name: "Last used", cell: ({ lastUsedAt }) => (lastUsedAt ? <Ago at={lastUsedAt} /> : "never") },
    { name: "Expires", cell: (token) => <Expires token={token} /> },
    { name: "State", cell: (token) => <TokenState token={token} onRevoked={onRevoked} /> },
  ];
}

function Name({ token: { name, id } }: { readonly token: AccessToken }) {
  return (
    <>
      <b>{visibleText(name)}</b>
      <span className={`${styles.line} mono`}>{id}</span>
    </>
  );
}

function Where({ token: { stores, namespaces } }: { readonly token: AccessToken }) {
  return (
    <>
      {visibleText(scopeWords(stores, "store"))}
      <span className={styles.line}>{visibleText(scopeWords(namespaces, "namespace"))}</span>
    </>
  );
}

function Created({ token: { createdAt, createdBy } }: { readonly token: AccessToken }) {
  return (
    <>
      <Ago at={createdAt} />
      {createdBy !== "" && <span className={styles.line}>by {visibleText(createdBy)}</span>}
    </>
  );
}

function Expires({ token: { expiresAt } }: { readonly token: AccessToken }) {
  return expiresAt === undefined ? "never" : <In at={expiresAt} />;
}

interface TokenStateProps {
  readonly token: AccessToken;
  readonly onRevoked: () => void;
}

function TokenState({ token, onRevoked }: TokenStateProps) {
  const end = tokenEnd(token, useServerNow(15_000));
  const anchor = useRef<HTMLButtonElement>(null);
  const [isAsking, setAsking] = useState(false);
  const isOwn = useStore(sessionStore).answer?.session?.name === token.name;
  const words = useRef<HTMLSpanElement>(null);
  const [isOurs, setOurs] = useState(false);
  const isRevoked = end === "revoked";
  // The button that had the focus is gone then.
  useEffect(() => {
    if (isRevoked && isOurs) words.current?.focus();
  }, [isRevoked, isOurs]);
  if (isRevoked) {
    return (
      <span ref={words} tabIndex={-1}>
        revoked <Ago at={token.revokedAt} />
      </span>
    );
  }
  if (end === "expired") return "expired";

  async function revoke(): Promise<void> {
    await (await loadCalls()).revokeToken(token.id);
    setOurs(true);
    onRevoked();
  }

  return (
    <span className={styles.inline}>
      <span className={styles.aside}>valid</span>
      <Button
        ref={anchor}
        isSmall
        icon={Ban}
        needs="admin"
        aria-label={`Revoke ${token.name}…`}
        onClick={() => setAsking(true)}
      >
        Revoke…
      </Button>
      {isAsking && (
        <Suspense fallback={null}>
          <Confirm
            anchor={anchor}
            title={`Revoke ${visibleText(token.name)}?`}
            act="Revoke"
            onConfirm={revoke}
            onClose={() => setAsking(false)}
          >
            Whoever calls with it is refused from then on. Browsers that signed in with it are signed out, and what they
            and programs have open by it ends within 5 s. {isOwn && <b>You are signed in with it yourself. </b>}
            It cannot be made valid again.
          </Confirm>
        </Suspense>
      )}
    </span>
  );
}
