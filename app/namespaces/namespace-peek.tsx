"use client";
import { Plus } from "lucide-react";
import Link from "next/link";
import type { NamespaceRow } from "../../content/catalog.ts";
import { labelNamespace } from "../../content/remote/namespaces.ts";
import catalog from "../_catalog/catalog.module.css";
import { TerminalFacts } from "../_catalog/facts.tsx";
import type { Held } from "../_catalog/kind.ts";
import { PanelActs } from "../_catalog/panel-acts.tsx";
import type { RowAct } from "../_catalog/row-act.ts";
import { serverTransport } from "../_live/link.ts";
import { Button } from "../_ui/button.tsx";
import { ctrNamespaces } from "../_ui/commands.ts";
import { formatBytes, formatCount, formatCounted, formatExactBytes } from "../_ui/format.ts";
import { Fact, FactList, Peek } from "../_ui/list/peek.tsx";
import { LabelEditor, useEditedLabel } from "../blob/label-editor.tsx";
import { collectionOf, collectionRule } from "./columns.tsx";
import { leftIn } from "./kind.ts";
import styles from "./namespaces.module.css";

interface NamespacePeekProps {
  /** Absent: it is not here. */
  readonly held: Held<"namespaces"> | undefined;
  readonly acts: readonly RowAct[];
  readonly onClose: () => void;
}

/** What is known of a namespace, beside the list; its labels can be changed. */
export function NamespacePeek({ held, acts, onClose }: NamespacePeekProps) {
  if (held === undefined) {
    return (
      <Peek label="Namespace" title="It is not here" acts={null} onClose={onClose}>
        <p className="muted">There is no namespace of this name now.</p>
      </Peek>
    );
  }
  const { row, goneAt } = held;
  return (
    <Peek
      label="Namespace"
      title={row.name}
      onClose={onClose}
      acts={<PanelActs acts={acts} shown={["open", "activity", "delete"]} primary="open" />}
    >
      <FactList>
        {goneAt !== undefined && <Fact name="State">deleted</Fact>}
        <Fact name="In it">
          <Counts row={row} />
        </Fact>
        <Fact name="Bytes">
          <Exact bytes={row.bytes} />
        </Fact>
        <Fact name="Only here">
          <Exact bytes={row.onlyBytes} />
          <div className={catalog.rule}>no other namespace has these</div>
        </Fact>
        <Fact name="Collection">
          {collectionOf(row)}
          <div className={catalog.rule}>{collectionRule(row)}</div>
        </Fact>
      </FactList>
      {goneAt === undefined && <NamespaceLabels key={row.name} row={row} />}
      <TerminalFacts lineOf={ctrNamespaces} />
    </Peek>
  );
}

function Counts({ row }: { readonly row: NamespaceRow }) {
  const left = leftIn(row);
  if (left.length === 0) return "nothing";
  return (
    <ul className={styles.left}>
      {left.map(({ noun, count, href }) => (
        <li key={noun}>
          <Link className={catalog.count} href={href} prefetch={false}>
            {formatCounted(count, noun)}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Exact({ bytes }: { readonly bytes: number }) {
  return (
    <>
      {formatBytes(bytes)} {bytes >= 1024 && <span className="muted">{formatExactBytes(bytes)}</span>}
    </>
  );
}

/** The labels of a namespace, each of which can be changed. */
function NamespaceLabels({ row: { name, labels } }: { readonly row: NamespaceRow }) {
  const editing = useEditedLabel((key, value) =>
    labelNamespace(serverTransport(), {}, { name, labels: { [key]: value }, fieldpaths: [`labels.${key}`] }),
  );
  return (
    <section aria-label="Labels">
      <div className={styles.head}>
        <h3>
          Labels <span>{formatCount(Object.keys(labels).length)}</span>
        </h3>
        <Button isSmall look="ghost" icon={Plus} needs="change" onClick={() => editing.setEdited("")}>
          Add
        </Button>
      </div>
      <div className={catalog.labels}>
        <LabelEditor labels={labels} namespace={name} editing={editing} />
      </div>
    </section>
  );
}
