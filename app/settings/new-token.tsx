"use client";
import { useId, useRef, useState } from "react";
import type { AccessToken } from "../../content/remote/access.ts";
import { loadCalls } from "../_access/load-calls.ts";
import { roles, roleWords } from "../_access/roles.ts";
import { AskDialog, NameField, Options } from "../_catalog/ask-dialog.tsx";
import { serverNow } from "../_live/clock.ts";
import { useStore } from "../_live/hooks.ts";
import type { StoresView } from "../_live/stores.ts";
import { storesStore } from "../_live/stores.ts";
import { visibleText } from "../_ui/visible-text.ts";
import styles from "./settings.module.css";
import type { Faults, Lifetime, TokenDraft } from "./token-draft.ts";
import { endOf, faultsOf, firstDraft, lifetimes, namesIn } from "./token-draft.ts";
import { tokenEnd } from "./token-end.ts";
import { type MadeToken, TokenShown } from "./token-shown.tsx";

interface NewTokenProps {
  /** Those that there are. */
  readonly tokens: readonly AccessToken[];
  readonly onMade: () => void;
  readonly onClose: () => void;
}

/** Asks what a token is to be, makes it, and shows its text once. */
export function NewToken({ tokens, onMade, onClose }: NewTokenProps) {
  const [draft, setDraft] = useState(firstDraft);
  const made = useRef<MadeToken>(undefined);
  const [shown, setShown] = useState<MadeToken>();
  const [opener] = useState(() => document.activeElement);
  const nowMs = serverNow();
  const taken = tokens.filter((token) => tokenEnd(token, nowMs) === undefined).map(({ name }) => name);
  const faults = faultsOf(draft, taken, nowMs);

  async function make(): Promise<void> {
    const { createToken } = await loadCalls();
    const expiresAt = endOf(draft, serverNow());
    made.current = await createToken({
      name: draft.name,
      role: draft.role,
      stores: namesIn(draft.stores),
      namespaces: namesIn(draft.namespaces),
      ...(expiresAt && { expiresAt }),
    });
    onMade();
  }

  if (shown !== undefined) return <TokenShown made={shown} opener={opener} onClose={onClose} />;
  return (
    <AskDialog
      title="New token"
      act="Make token"
      isReady={Object.values(faults).every((fault) => fault === undefined)}
      onAct={make}
      onClose={() => (made.current === undefined ? onClose() : setShown(made.current))}
    >
      <DraftFields draft={draft} faults={faults} onChange={(change) => setDraft({ ...draft, ...change })} />
    </AskDialog>
  );
}

interface DraftFieldsProps {
  readonly draft: TokenDraft;
  readonly faults: Faults;
  readonly onChange: (change: Partial<TokenDraft>) => void;
}

function DraftFields({ draft, faults, onChange }: DraftFieldsProps) {
  const offered = namesOf(useStore(storesStore));
  return (
    <>
      <NameField
        label="Name"
        value={draft.name}
        fault={faults.name}
        hint="Logs and Activity call whoever has it by this name"
        onChange={(name) => onChange({ name })}
      />
      <Options
        name="role"
        legend="Role"
        options={roles.map((role) => ({
          value: role,
          label: (
            <>
              <b>{role}</b> <span className="muted">{roleWords[role]}</span>
            </>
          ),
        }))}
        chosen={draft.role}
        onChoose={(role) => onChange({ role })}
      />
      <NameField
        label="Stores"
        value={draft.stores}
        fault={faults.stores}
        hint={`Names with commas between them; empty means all${offered === "" ? "" : `: ${offered}`}`}
        onChange={(stores) => onChange({ stores })}
      />
      <NameField
        label="Namespaces"
        value={draft.namespaces}
        fault={faults.namespaces}
        hint={
          draft.role === "admin" ? "Only an admin of all of them makes tokens" : "As above; it is not shown any others"
        }
        onChange={(namespaces) => onChange({ namespaces })}
      />
      <Lasts draft={draft} fault={faults.lastDay} onChange={onChange} />
    </>
  );
}

/** Names of stores that a hint has room for. */
const fewStores = 8;

/** What the stores are called; empty where there are too many to name, or one alone. */
function namesOf({ stores }: StoresView): string {
  return stores.length > 1 && stores.length <= fewStores ? stores.map(({ name }) => visibleText(name)).join(", ") : "";
}

interface LastsProps extends Pick<DraftFieldsProps, "draft" | "onChange"> {
  readonly fault: string | undefined;
}

function Lasts({ draft: { lifetime, lastDay }, fault, onChange }: LastsProps) {
  const id = useId();
  return (
    <>
      <div className={styles.lifetimes}>
        <label htmlFor={id}>Lasts</label>
        <span className={styles.value}>
          <select
            id={id}
            className={styles.input}
            value={lifetime}
            onChange={({ target }) => onChange({ lifetime: target.value as Lifetime })}
          >
            {lifetimes.map(({ key, words }) => (
              <option key={key} value={key}>
                {words}
              </option>
            ))}
          </select>
          {lifetime === "own" && (
            <input
              type="date"
              className={styles.input}
              aria-label="Last day"
              aria-invalid={fault !== undefined && fault !== ""}
              value={lastDay}
              onChange={({ target }) => onChange({ lastDay: target.value })}
            />
          )}
        </span>
      </div>
      {fault !== undefined && fault !== "" && (
        <p className="danger" role="alert">
          {fault}
        </p>
      )}
    </>
  );
}
