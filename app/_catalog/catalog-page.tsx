"use client";
import type { ReactNode } from "react";
import { isKind } from "../../content/errors.ts";
import type { CatalogSet } from "../_live/catalog-events.ts";
import { ListPage } from "../_query/list-page.tsx";
import { useRowMenuHints } from "../_query/use-row-menu-hints.ts";
import { formatCount, formatCounted, formatTimeOfDay, unknown } from "../_ui/format.ts";
import type { ColumnChoice } from "../_ui/list/use-columns.ts";
import { useKeyHint } from "../_ui/shortcuts.ts";
import { CratesDrawing, DeniedState, ErrorState, State } from "../_ui/states.tsx";
import { useStaleSince } from "../ingests/freshness.tsx";
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
  const { catalog, columns, placeholder, answer, acts, withoutCatalog, children } = props;
  const { kind } = catalog;
  useRowMenuHints();
  useKeyHint("C", "Copy ctr line", "Acts");
  return (
    <ListPage
      name={kind.title}
      answer={<Answer catalog={catalog}>{answer}</Answer>}
      acts={acts}
      target={kind.set}
      placeholder={placeholder}
      asked={catalog}
      columns={columns}
      onRetry={kind.live.retry}
      refused={<Refused catalog={catalog} withoutCatalog={withoutCatalog} />}
    >
      {children}
    </ListPage>
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
