"use client";
import { Plus } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import type { NamespaceRow } from "../../content/catalog.ts";
import { CatalogList } from "../_catalog/catalog-list.tsx";
import { CatalogPage } from "../_catalog/catalog-page.tsx";
import { CatalogSelection } from "../_catalog/catalog-selection.tsx";
import { FirstRow } from "../_catalog/first-run.tsx";
import type { Held } from "../_catalog/kind.ts";
import { openOf } from "../_catalog/kind.ts";
import { useCatalog } from "../_catalog/use-catalog.ts";
import { useStore } from "../_live/hooks.ts";
import { serverStore } from "../_live/server.ts";
import { Button, buttonClass } from "../_ui/button.tsx";
import { ctrNewNamespace } from "../_ui/commands.ts";
import { formatCount } from "../_ui/format.ts";
import { only } from "../_ui/list/chosen.ts";
import { useColumns } from "../_ui/list/use-columns.ts";
import { patiently } from "../_ui/popups/patiently.ts";
import { useKeyHint, useShortcut } from "../_ui/shortcuts.ts";
import { namespaceColumns, toldByPanel } from "./columns.tsx";
import {
  chosenNamespaces,
  nameOfNamespace,
  namespaceChoice,
  namespaceKind,
  namespaceTokens,
  scopedHref,
  sortNamespaces,
} from "./kind.ts";
import type { AskedOfNamespaces } from "./namespace-acts.ts";
import { actsOfNamespace } from "./namespace-acts.ts";
import styles from "./namespaces.module.css";

const loadPeek = patiently(() => import("./namespace-peek.tsx"));
const NamespacePeek = lazy(async () => ({ default: (await loadPeek()).NamespacePeek }));
const loadDialogs = patiently(() => import("./namespace-dialogs.tsx"));
const NamespaceDialog = lazy(async () => ({ default: (await loadDialogs()).NamespaceDialog }));
const BulkDelete = lazy(async () => ({ default: (await loadDialogs()).BulkDelete }));

/** The namespaces: what is in each, and what only it has. */
export function NamespacesPage() {
  const catalog = useCatalog(namespaceKind);
  const { view, rows, matching, sort } = catalog;
  const router = useRouter();
  const [asked, setAsked] = useState<AskedOfNamespaces>();
  const [doomed, setDoomed] = useState<readonly NamespaceRow[]>();
  const columns = useColumns("namespaces", namespaceColumns);
  const lines = useMemo(() => sortNamespaces(matching, sort), [matching, sort]);
  const actsOf = useCallback(
    (held: Held<"namespaces">) => actsOfNamespace(held, setAsked, (href) => router.push(href)),
    [router],
  );
  const create = () => setAsked({ kind: "create" });
  useShortcut("n", "Create a namespace…", "Acts", create, "change");
  useKeyHint("c", "Copy name", "Acts");
  useKeyHint("Delete", "Delete…", "Acts");

  return (
    <CatalogPage
      catalog={catalog}
      columns={columns}
      placeholder="size:>1GiB label:team, or a part of a name"
      answer={<Answer rows={openOf(matching)} />}
      acts={
        <Button icon={Plus} shortcut="n" needs="change" onClick={create}>
          Create…
        </Button>
      }
      withoutCatalog={<Names />}
    >
      <CatalogList
        catalog={catalog}
        lines={lines}
        columns={columns}
        toldByPanel={toldByPanel}
        choice={namespaceChoice}
        card={styles.card}
        isAsking={asked !== undefined || doomed !== undefined}
        actsOf={actsOf}
        tokensOf={namespaceTokens}
        hrefOf={hrefOf}
        orderWords="by name"
        firstRun={<FirstRun />}
        panel={(held, acts, onClose) => <NamespacePeek held={held} acts={acts} onClose={onClose} />}
      />
      <CatalogSelection
        catalog={catalog}
        store={chosenNamespaces}
        namedOf={nameOfNamespace}
        present={useMemo(() => new Set(openOf(rows).map(({ key }) => key)), [rows])}
        shown={useMemo(() => new Set(lines.map(({ key }) => key)), [lines])}
        act="Delete"
        onAct={(chosen) => setDoomed(asTheyAreNow(chosen, view.rows))}
      />
      <Suspense fallback={null}>
        {asked && (
          <NamespaceDialog
            asked={asked.kind === "create" ? asked : { ...asked, row: latest(asked.row, view.rows) }}
            taken={openOf(view.rows).map(({ key }) => key)}
            onClose={() => setAsked(undefined)}
          />
        )}
        {doomed && (
          <BulkDelete
            rows={doomed}
            onClose={(left) => {
              setDoomed(undefined);
              if (left) chosenNamespaces.set(only(left.map((row) => [row.name, row])));
            }}
          />
        )}
      </Suspense>
    </CatalogPage>
  );
}

function asTheyAreNow(chosen: readonly NamespaceRow[], rows: readonly Held<"namespaces">[]): readonly NamespaceRow[] {
  return chosen.map((row) => latest(row, rows));
}

function latest(row: NamespaceRow, rows: readonly Held<"namespaces">[]): NamespaceRow {
  return rows.find(({ key }) => key === row.name)?.row ?? row;
}

function hrefOf({ row, goneAt }: Held<"namespaces">): string | undefined {
  return goneAt === undefined ? scopedHref("/content", row.name) : undefined;
}

/** How many namespaces are collected. */
function Answer({ rows }: { readonly rows: readonly Held<"namespaces">[] }) {
  const collected = rows.filter(({ row }) => row.collected).length;
  return (
    collected > 0 && (
      <span>
        <b>{formatCount(collected)}</b> collected
      </span>
    )
  );
}

function FirstRun() {
  return (
    <FirstRow title="There are no namespaces" lineOf={(socket) => ctrNewNamespace(socket, "first")}>
      Each namespace will be a row on this page: what is in it, and what only it has. The first write into one makes it.
    </FirstRow>
  );
}

/** The names alone, which every server tells. */
function Names() {
  const { namespaces } = useStore(serverStore);
  return namespaces.map((name) => (
    <Link key={name} className={buttonClass()} href={scopedHref("/content", name)}>
      {name}
    </Link>
  ));
}
