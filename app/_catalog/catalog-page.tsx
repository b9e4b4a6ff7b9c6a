"use client";
import { Link2 } from "lucide-react";
import type { ReactNode } from "react";
import { isKind } from "../../content/errors.ts";
import type { CatalogSet } from "../_live/catalog-events.ts";
import { QueryBar } from "../_query/query-bar.tsx";
import { Button } from "../_ui/button.tsx";
import { copyText } from "../_ui/copy-button.tsx";
import { errorText } from "../_ui/error-text.ts";
import { formatCount, formatCounted, formatTimeOfDay, unknown } from "../_ui/format.ts";
import { ColumnsButton } from "../_ui/list/columns-button.tsx";
import type { ColumnChoice } from "../_ui/list/use-columns.ts";
import { useNarrow } from "../_ui/list/use-narrow.ts";
import { PageHead } from "../_ui/page-head.tsx";
import { useKeyHint, useShortcut } from "../_ui/shortcuts.ts";
import { Bar, CratesDrawing, DeniedState, ErrorState, State } from "../_ui/states.tsx";
import { useStaleSince } from "../ingests/freshness.tsx";
import styles from "./catalog.module.css";
import { openOf } from "./kind.ts";
import type { Catalog } from "./use-catalog.ts";

interface CatalogPageProps<Set extends CatalogSet, Line> {
  readonly catalog: Catalog<Set>;
  readonly columns: ColumnChoice<Line>;
  readonly placeholder: string;
  /** What there is to say of the rows, besides their number. */
  readonly answer: ReactNode;
  /** What can be done without a row. */
  readonly acts?: ReactNode;
  /** In place of rows, where the server has no catalog. */
  readonly withoutCatalog?: ReactNode;
  /** The list, and what stands below it. */
  readonly children: ReactNode;
}

/** What stands around the rows of a page of the catalog: its name and answer, the query, why there are no rows. */
export function CatalogPage<Set extends CatalogSet, Line>(props: CatalogPageProps<Set, Line>) {
  const { catalog, columns, answer, acts, children } = props;
  const { view, kind, isEmpty } = catalog;
  const isNarrow = useNarrow();
  useShortcut("r", "Try again", "Everywhere", kind.live.retry);
  useListHints();
  const hasNone = view.error !== undefined && view.rows.length === 0;
  return (
    <>
      <PageHead
        title={kind.title}
        name={kind.title}
        answer={hasNone ? undefined : <Answer catalog={catalog}>{answer}</Answer>}
        acts={!isNarrow && !hasNone && acts}
      />
      {!isEmpty && !hasNone && <CatalogQueryBar catalog={catalog} columns={columns} placeholder={props.placeholder} />}
      {hasNone && <Refused catalog={catalog} withoutCatalog={props.withoutCatalog} />}
      {!hasNone && view.error && <OldRows catalog={catalog} />}
      {!hasNone && children}
      {isNarrow && !hasNone && acts && <div className={styles.bottom}>{acts}</div>}
    </>
  );
}

interface AnswerProps<Set extends CatalogSet> {
  readonly catalog: Catalog<Set>;
  readonly children: ReactNode;
}

function Answer<Set extends CatalogSet>({ catalog, children }: AnswerProps<Set>) {
  const { view, text, kind } = catalog;
  const since = useStaleSince();
  const [count, whole] = [openOf(catalog.matching).length, openOf(catalog.rows).length];
  if (!view.isComplete) return <span>{count === 0 ? unknown : `≥ ${formatCounted(count, kind.noun)}`}</span>;
  return (
    <>
      <span>
        <b>{formatCount(count)}</b>{" "}
        {text === "" ? `${kind.noun}${count === 1 ? "" : "s"}` : `of ${formatCounted(whole, kind.noun)}`}
      </span>
      {children}
      {since && <span>as of {formatTimeOfDay(since)}</span>}
    </>
  );
}

interface CatalogQueryBarProps<Set extends CatalogSet, Line> {
  readonly catalog: Catalog<Set>;
  readonly columns: ColumnChoice<Line>;
  readonly placeholder: string;
}

function CatalogQueryBar<Set extends CatalogSet, Line>(props: CatalogQueryBarProps<Set, Line>) {
  const { columns, placeholder } = props;
  const { kind, text, setQuery, suggest, view } = props.catalog;
  const copyLink = () => void copyText(linkOf(columns.shared), "link");
  useShortcut("y", "Copy link", "Everywhere", copyLink);
  return (
    <QueryBar
      target={kind.set}
      placeholder={placeholder}
      query={text}
      onQuery={setQuery}
      hasRows={view.rows.length > 0}
      suggest={suggest}
      acts={
        <>
          <ColumnsButton choice={columns} />
          <Button icon={Link2} shortcut="y" onClick={copyLink}>
            Link
          </Button>
        </>
      }
    />
  );
}

/** The address of what is seen, with the columns where they are other than at first. */
function linkOf(columns: string | undefined): string {
  const url = new URL(window.location.href);
  if (columns === undefined) url.searchParams.delete("cols");
  else url.searchParams.set("cols", columns);
  return url.href;
}

interface RefusedProps<Set extends CatalogSet> {
  readonly catalog: Catalog<Set>;
  readonly withoutCatalog: ReactNode;
}

function Refused<Set extends CatalogSet>({ catalog: { kind, view }, withoutCatalog }: RefusedProps<Set>) {
  const { error } = view;
  const props = { error, onRetry: kind.live.retry };
  if (isKind(error, "permission-denied")) return <DeniedState what={`the ${kind.noun}s`} {...props} />;
  if (!isKind(error, "failed-precondition")) return <ErrorState {...props} />;
  return (
    <State title={`This server does not tell its ${kind.noun}s`} drawing={<CratesDrawing />} acts={withoutCatalog}>
      It serves content and ingests; what holds content is not told by it. A containerd, and a Stowage of before, are
      such servers.
    </State>
  );
}

function OldRows<Set extends CatalogSet>({ catalog: { kind, view } }: { readonly catalog: Catalog<Set> }) {
  return (
    <Bar
      look="danger"
      acts={
        <Button shortcut="r" onClick={kind.live.retry}>
          Retry
        </Button>
      }
    >
      These rows are old: {errorText(view.error)}
    </Bar>
  );
}

function useListHints(): void {
  useKeyHint(".", "All acts of the row", "Acts");
  useKeyHint("f", "Filter by the row", "Rows");
  useKeyHint("F", "Exclude what is like the row", "Rows");
  useKeyHint("C", "Copy ctr line", "Acts");
  useKeyHint("x", "Select", "Rows");
  useKeyHint("X", "Select to here", "Rows");
  useKeyHint("Ctrl A", "Select all that match", "Rows");
}
