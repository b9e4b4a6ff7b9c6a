"use client";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { RowMenu } from "../_catalog/later.ts";
import { runByKey } from "../_catalog/row-act.ts";
import type { RowMenuAt } from "../_catalog/row-menu-at.ts";
import { menuOfKey } from "../_catalog/row-menu-at.ts";
import { serverNow } from "../_live/clock.ts";
import { newRowMs } from "../_live/held-set.ts";
import { useStore } from "../_live/hooks.ts";
import type { IngestRow, IngestsView } from "../_live/ingests.ts";
import { NoMatch } from "../_query/no-match.tsx";
import { formatCounted } from "../_ui/format.ts";
import { List } from "../_ui/list/list.tsx";
import { allRows, type RowSource } from "../_ui/list/row-source.ts";
import { useChosenOfAll } from "../_ui/list/use-chosen-of-all.ts";
import type { ColumnChoice } from "../_ui/list/use-columns.ts";
import { useColumnsBeside } from "../_ui/list/use-columns-beside.ts";
import { usePeek } from "../_ui/list/use-peek.ts";
import { patiently } from "../_ui/popups/patiently.ts";
import { askedAborts } from "./abort.ts";
import { ingestChoice } from "./chosen-ingests.ts";
import { toldByPanel } from "./columns.tsx";
import { hrefOfEnded } from "./ended.ts";
import { mostExcluding } from "./ingest-query.ts";
import styles from "./ingests.module.css";
import type { Line } from "./line.ts";
import { linesOf } from "./line.ts";
import { actsOfLine, tokensOfLine } from "./line-acts.ts";
import { NothingMoves } from "./nothing-moves.tsx";
import { useHeld } from "./use-held.ts";
import type { Ingests } from "./use-ingests.ts";
import { useLines } from "./use-lines.ts";

const IngestPeek = lazy(patiently(async () => ({ default: (await import("./ingest-peek.tsx")).IngestPeek })));

interface IngestListProps {
  readonly ingests: Ingests;
  readonly columns: ColumnChoice<Line>;
  /** Something is asked about a row. */
  readonly isAsking: boolean;
  readonly onAbort: (row: IngestRow, element: HTMLElement) => void;
}

/** The ingests, those that ended, and the panel of one beside them. */
export function IngestList({ ingests, columns: choice, isAsking, onAbort }: IngestListProps) {
  const { view, matching, sort, onSort, identity } = ingests;
  const router = useRouter();
  const [menu, setMenu] = useState<RowMenuAt<Line>>();
  const held = useHeld(isAsking || menu !== undefined);
  const lines = useLines(matching, sort, held.isHeld, useStore(askedAborts));
  const rows = useMemo(() => allRows(lines, keyOf), [lines]);
  const selection = useChosenOfAll(ingestChoice, ingests.query, rows);
  const peek = usePeek(rows, undefined, true);
  const peeked = usePeeked(peek.key, view, rows, peek.row);
  const columns = useColumnsBeside(choice, toldByPanel, peek.key !== undefined);

  const actsOf = (line: Line, element: HTMLElement) =>
    actsOfLine(
      line,
      (row) => onAbort(row, element),
      (href) => router.push(href),
    );

  function onRowKey(key: string, line: Line, element: HTMLElement): boolean {
    if (peek.onKey(key)) return true;
    const kind = line.kind === "heading" ? undefined : menuOfKey(key);
    // With a selection the key is about that.
    if (key === "a" && selection.state !== "none") return false;
    if (kind === undefined) return runByKey(actsOf(line, element), key);
    setMenu({ kind, row: line, element });
    return true;
  }

  return (
    <div className={styles.beside}>
      <div className={styles.holds} {...held.listeners}>
        <List
          {...{ sort, onSort, identity, rows, columns, selection, marksOf, hrefOf, headingOf, onRowKey }}
          label="Ingests"
          columnChoice={choice}
          card={styles.card}
          onPeek={peek.open}
          onCursorRow={peek.follow}
          peekedKey={peek.key}
          state={view.error ? "stale" : view.isComplete || lines.length > 0 ? "ready" : "loading"}
          empty={<Empty ingests={ingests} />}
          footer={<Footer ingests={ingests} isHeld={held.isHeld} />}
        />
      </div>
      {peek.key !== undefined && (view.isComplete || peeked) && (
        <Suspense fallback={null}>
          <IngestPeek line={peeked} onAbort={onAbort} onClose={peek.close} />
        </Suspense>
      )}
      {menu && (
        <Suspense fallback={null}>
          <RowMenu
            at={menu}
            target="ingests"
            query={ingests.text}
            onQuery={ingests.setQuery}
            acts={actsOf(menu.row, menu.element)}
            tokens={tokensOfLine(menu.row)}
            onClose={() => setMenu(undefined)}
          />
        </Suspense>
      )}
    </div>
  );
}

/** The line of the panel as it is, also where the query leaves it out; else as it was when it was last here. */
function usePeeked(key: string | undefined, { rows }: IngestsView, lines: RowSource<Line>, known: Line | undefined) {
  const asked = useStore(askedAborts);
  const index = key === undefined ? -1 : lines.indexOf(key);
  const row = index >= 0 ? undefined : rows.find((each) => each.key === key);
  const here = index >= 0 ? lines.at(index) : row && linesOf([row], { ended: [] }, asked)[0];
  const last = useRef<Line>(undefined);
  useEffect(() => {
    if (here !== undefined) last.current = here;
  }, [here]);
  return here ?? (last.current?.key === key ? last.current : known);
}

function Empty({ ingests: { view, text, query, setQuery } }: { readonly ingests: Ingests }) {
  if (text === "") return <NothingMoves />;
  const open = view.rows.filter(({ goneAt }) => goneAt === undefined).map(({ row }) => row);
  const excluding = mostExcluding(text, query, open, serverNow());
  return <NoMatch noun="ingest" query={text} excluding={excluding} onQuery={setQuery} />;
}

interface FooterProps {
  readonly ingests: Ingests;
  readonly isHeld: boolean;
}

function Footer({ ingests: { view, matching, text, isSortedAtFirst }, isHeld }: FooterProps) {
  const count = countOpen(matching.rows);
  const words = [
    text === "" ? formatCounted(count, "ingest") : `${count} of ${formatCounted(countOpen(view.rows), "ingest")}`,
    ...(isSortedAtFirst ? ["trouble first, then oldest"] : []),
    ...(isHeld ? ["order held while you are here"] : []),
  ];
  return words.map((each) => (
    <span key={each} className={styles.words}>
      <span className="cut">{each}</span>
    </span>
  ));
}

function countOpen(rows: readonly IngestRow[]): number {
  return rows.filter(({ goneAt }) => goneAt === undefined).length;
}

const keyOf = ({ key }: Line) => key;

function marksOf(line: Line) {
  if (line.kind !== "ingest") return {};
  const { newAt, goneAt, end } = line.row;
  const isGone = goneAt !== undefined;
  const isKept = end?.outcome === "committed" || end?.outcome === "existed";
  const isNew = !isGone && newAt !== undefined && serverNow() - newAt < newRowMs;
  return { isNew, isGone, isStruck: isGone && !isKept, isBusy: line.isAborting };
}

function hrefOf(line: Line): string | undefined {
  return line.kind === "ended" ? hrefOfEnded(line.ended) : undefined;
}

function headingOf(line: Line) {
  if (line.kind !== "heading") return undefined;
  return (
    <>
      Ended <span>{formatCounted(line.count, "ingest")} since this page was opened, 200 at most</span>
    </>
  );
}
