"use client";
import Link from "next/link";
import { useState } from "react";
import type { NamespaceRow } from "../../content/catalog.ts";
import { ContentError } from "../../content/errors.ts";
import { validateIdentifier } from "../../content/identifiers.ts";
import { createNamespace } from "../../content/remote/namespaces.ts";
import { AskDialog, NameField } from "../_catalog/ask-dialog.tsx";
import { serverTransport } from "../_live/link.ts";
import { refreshServer } from "../_live/server.ts";
import { errorText } from "../_ui/error-text.ts";
import { formatCounted } from "../_ui/format.ts";
import { BulkDialog, type ItemResult } from "../_ui/list/bulk-dialog.tsx";
import { dropNamespace, leftIn } from "./kind.ts";
import type { AskedOfNamespaces } from "./namespace-acts.ts";
import styles from "./namespaces.module.css";

interface NamespaceDialogProps {
  readonly asked: AskedOfNamespaces;
  /** Names that there are. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
}

/** Asks for a new namespace, or before one goes. */
export function NamespaceDialog({ asked, taken, onClose }: NamespaceDialogProps) {
  if (asked.kind === "create") return <CreateDialog taken={taken} onClose={onClose} />;
  return <DeleteDialog row={asked.row} onClose={onClose} />;
}

function CreateDialog({ taken, onClose }: Omit<NamespaceDialogProps, "asked">) {
  const [name, setName] = useState("");
  const fault = faultOf(name, taken);
  return (
    <AskDialog
      title="Create a namespace"
      act="Create"
      isReady={fault === undefined}
      onClose={onClose}
      onAct={async () => {
        await createNamespace(serverTransport(), {}, name);
        void refreshServer();
      }}
    >
      <NameField
        label="Name"
        value={name}
        fault={fault}
        hint="Letters and digits, with single . _ - between them; 76 at most"
        onChange={setName}
      />
    </AskDialog>
  );
}

/** Why a namespace cannot have a name; empty where that need not be said; absent when it can. */
function faultOf(name: string, taken: readonly string[]): string | undefined {
  if (name === "") return "";
  if (taken.includes(name)) return "There is such a namespace";
  try {
    validateIdentifier(name);
    return undefined;
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    return name.length > 76
      ? "A name has 76 characters at most"
      : "A name is letters and digits, with single . _ - between them";
  }
}

interface DeleteDialogProps {
  readonly row: NamespaceRow;
  readonly onClose: () => void;
}

function DeleteDialog({ row, onClose }: DeleteDialogProps) {
  const left = leftIn(row);
  return (
    <AskDialog
      title={`Delete namespace ${row.name}?`}
      act="Delete"
      isDanger
      isReady={left.length === 0}
      onClose={onClose}
      onAct={async () => {
        await dropNamespace(row.name);
        void refreshServer();
      }}
    >
      {left.length === 0 ? (
        <p>It is empty. Its labels go with it; nothing else does.</p>
      ) : (
        <>
          <p>It has to be empty first. What is left in it:</p>
          <ul>
            {left.map(({ noun, count, href }) => (
              <li key={noun}>
                <Link className="link" href={href} prefetch={false}>
                  {formatCounted(count, noun)}
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </AskDialog>
  );
}

interface BulkDeleteProps {
  readonly rows: readonly NamespaceRow[];
  /** @param left those that are left to be tried again; absent: nothing was done */
  readonly onClose: (left?: readonly NamespaceRow[]) => void;
}

/** Asks before many namespaces go, removes the empty ones, and says what became of each. */
export function BulkDelete({ rows, onClose }: BulkDeleteProps) {
  const [asked] = useState(rows);
  return (
    <BulkDialog
      title={`Delete ${formatCounted(asked.length, "namespace")}?`}
      act="Delete"
      done="deleted"
      already="were gone"
      noun="namespace"
      items={asked}
      isDanger
      isTyped={false}
      keyOf={({ name }) => name}
      nameOf={({ name }) => <b>{name}</b>}
      tellEach={(row, result) => <Each row={row} result={result} />}
      run={async ({ name }, signal) => {
        const result = await dropNamespace(name, signal);
        void refreshServer();
        return result;
      }}
      onClose={onClose}
    >
      <p>Only what is empty can go; the server refuses the others, and nothing in them is touched.</p>
    </BulkDialog>
  );
}

function Each({ row, result }: { readonly row: NamespaceRow; readonly result: ItemResult }) {
  const left = leftIn(row);
  return (
    <div className={styles.line}>
      <b>{row.name}</b>
      {result === "waiting" && (
        <span className="muted">
          {left.length === 0 ? "empty" : left.map(({ noun, count }) => formatCounted(count, noun)).join(", ")}
        </span>
      )}
      {result === "done" && <span className="ok">deleted</span>}
      {result === "already" && <span className="muted">was gone</span>}
      {typeof result === "object" && <span className="danger">{errorText(result.error)}</span>}
    </div>
  );
}
