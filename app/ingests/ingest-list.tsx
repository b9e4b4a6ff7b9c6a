"use client";
import { useEffect, useMemo, useRef } from "react";
import { serverNow } from "../_live/clock.ts";
import { newRowMs } from "../_live/held-set.ts";
import { useStore } from "../_live/hooks.ts";
import type { IngestRow, IngestsView } from "../_live/ingests.ts";
import { socketHere } from "../_live/socket.ts";
import { NoMatch } from "../_query/no-match.tsx";
import { ctrActive } from "../_ui/commands.ts";
import { copyText } from "../_ui/copy-button.tsx";
import { formatCounted } from "../_ui/format.ts";
import { List } from "../_ui/list/list.tsx";
import type { ListSelection } from "../_ui/list/list-selection.ts";
import { allRows, type RowSource } from "../_ui/list/row-source.ts";
import { useChosen } from "../_ui/list/use-chosen.ts";
import type { ColumnChoice } from "../_ui/list/use-columns.ts";
import { useWide } from "../_ui/list/use-narrow.ts";
import { usePeek } from "../_ui/list/use-peek.ts";
import { unlessLocked } from "../_ui/lock.ts";
import { askedAborts } from "./abort.ts";
import { ingestChoice } from "./chosen-ingests.ts";
import { columnsBesidePanel, leastWidthOf } from "./columns.tsx";
import { hrefOfEnded } from "./ended.ts";
import { IngestPeek } from "./ingest-peek.tsx";
import { mostExcluding } from "./ingest-query.ts";
import styles from "./ingests.module.css";
import type { Line } from "./line.ts";
import { linesOf } from "./line.ts";
import { NothingMoves } from "./nothing-moves.tsx";
import { useHeld } from "./use-held.ts";
import type { Ingests } from "./use-ingests.ts";
import { useLines } from "./use-lines.ts";

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
  const held = useHeld(isAsking);
  const lines = useLines(matching, sort, held.isHeld, useStore(askedAborts));
  const rows = useMemo(() => allRows(lines, keyOf), [lines]);
  const selection = useIngestChoice(ingests, rows, lines);
  const peek = usePeek(rows, undefined, true);
  const peeked = usePeeked(peek.key, view, rows, peek.row);
  const isBeside = useWide() && peek.key !== undefined;
  const columns = useMemo(() => (isBeside ? columnsBesidePanel(choice.shown) : choice.shown), [isBeside, choice.shown]);

  function onRowKey(key: string, line: Line, element: HTMLElement): boolean {
    if (peek.onKey(key) || copyByKey(key, line)) return true;
    // With a selection the key is about that.
    if (key !== "a" || line.kind !== "ingest" || line.row.goneAt !== undefined || selection.state !== "none")
      return false;
    const { row, isAborting } = line;
    if (!isAborting) unlessLocked("change", () => onAbort(row, element));
    return true;
  }

  return (
    <div className={styles.beside}>
      <div className={styles.holds} {...held.listeners}>
        <List
          {...{ sort, onSort, identity, rows, columns, selection, marksOf, hrefOf, headingOf, onRowKey }}
          label="Ingests"
          columnChoice={choice}
          leastWidth={leastWidthOf(columns)}
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
        <IngestPeek line={peeked} onAbort={onAbort} onClose={peek.close} />
      )}
    </div>
  );
}

/** What chooses the lines: all that match are those that are here, since the page holds all. */
function useIngestChoice({ query }: Ingests, rows: RowSource<Line>, lines: readonly Line[]): ListSelection<Line> {
  const selection = useChosen(ingestChoice, query, rows, false);
  return useMemo(() => {
    const free = lines.filter((line) => selection.canSelect(line));
    const areAll = free.length > 0 && free.every((line) => selection.isSelected(line));
    return { ...selection, state: areAll ? "all" : selection.state };
  }, [selection, lines]);
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

function copyByKey(key: string, line: Line): boolean {
  const socket = socketHere();
  if (key !== "C" || socket === undefined || line.kind !== "ingest") return false;
  const { namespace, status } = line.row.row;
  void copyText(ctrActive({ socket, namespace }, status.ref), "ctr line");
  return true;
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
