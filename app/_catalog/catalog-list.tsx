"use client";
import type { ReactNode } from "react";
import { Suspense, useMemo, useState } from "react";
import type { CatalogSet } from "../_live/catalog-events.ts";
import { serverNow } from "../_live/clock.ts";
import { newRowMs } from "../_live/held-set.ts";
import { NoMatch } from "../_query/no-match.tsx";
import { List } from "../_ui/list/list.tsx";
import { allRows, type RowSource } from "../_ui/list/row-source.ts";
import type { ChoiceKind } from "../_ui/list/use-chosen.ts";
import { useChosenOfAll } from "../_ui/list/use-chosen-of-all.ts";
import type { ColumnChoice } from "../_ui/list/use-columns.ts";
import { useColumnsBeside } from "../_ui/list/use-columns-beside.ts";
import { usePeek } from "../_ui/list/use-peek.ts";
import { useHeld } from "../ingests/use-held.ts";
import styles from "./catalog.module.css";
import type { CatalogQuery } from "./catalog-query.ts";
import { mostExcluding } from "./catalog-query.ts";
import { openOf } from "./kind.ts";
import { RowMenu } from "./later.ts";
import type { RowAct } from "./row-act.ts";
import { isDeletion, runByKey } from "./row-act.ts";
import type { RowMenuAt } from "./row-menu-at.ts";
import { menuOfKey } from "./row-menu-at.ts";
import type { Catalog } from "./use-catalog.ts";
import { useHeldLines } from "./use-held-lines.ts";

/** What every line of a page of the catalog has. */
export interface CatalogLine {
  readonly key: string;
  readonly newAt?: number;
  readonly goneAt?: number;
  /** Other keys by which a link may ask for it. */
  readonly aliases?: readonly string[];
}

interface CatalogListProps<Set extends CatalogSet, Line extends CatalogLine, Item> {
  readonly catalog: Catalog<Set>;
  /** In the order that is asked for. */
  readonly lines: readonly Line[];
  readonly columns: ColumnChoice<Line>;
  /** Ids of columns that the panel beside the list tells too. */
  readonly toldByPanel: ReadonlySet<string>;
  readonly choice: ChoiceKind<Line, Item, CatalogQuery>;
  readonly card: string | undefined;
  /** Something is asked about a row. */
  readonly isAsking: boolean;
  readonly actsOf: (line: Line) => readonly RowAct[];
  /** Tokens of the query language that a line matches; none of one that cannot be asked by. */
  readonly tokensOf: (line: Line) => readonly string[];
  readonly hrefOf?: (line: Line) => string | undefined;
  readonly headingOf?: (line: Line) => ReactNode | undefined;
  /** Said in the strip below the rows, besides their number. */
  readonly orderWords: string;
  readonly firstRun: ReactNode;
  /** The panel of a line; absent: it is not here. */
  readonly panel: (line: Line | undefined, acts: readonly RowAct[], onClose: () => void) => ReactNode;
}

/** The rows of a page of the catalog, and the panel of one beside them. */
export function CatalogList<Set extends CatalogSet, Line extends CatalogLine, Item>(
  props: CatalogListProps<Set, Line, Item>,
) {
  const { catalog, columns: choice, toldByPanel, actsOf, tokensOf, hrefOf, headingOf, isAsking } = props;
  const { view, sort, onSort, identity, kind } = catalog;
  const [menu, setMenu] = useState<RowMenuAt<Line>>();
  const held = useHeld(isAsking || menu !== undefined);
  const lines = useHeldLines(props.lines, held.isHeld, identity);
  const rows = useMemo(() => rowsOf(lines), [lines]);
  const selection = useChosenOfAll(props.choice, catalog.query, rows);
  const peek = usePeek(rows, undefined, true);
  const columns = useColumnsBeside(choice, toldByPanel, peek.key !== undefined);

  function onRowKey(key: string, line: Line, element: HTMLElement): boolean {
    if (peek.onKey(key)) return true;
    const acts = actsOf(line);
    if (acts.length === 0) return false;
    const menuKind = menuOfKey(key);
    if (menuKind !== undefined) setMenu({ kind: menuKind, row: line, element });
    // With a selection the key is about that.
    else if (isDeletion(key) && selection.state !== "none") return false;
    else return runByKey(acts, key);
    return true;
  }

  return (
    <div className={styles.beside}>
      <div className={styles.holds} {...held.listeners}>
        <List
          {...{ sort, onSort, identity, rows, columns, selection, marksOf, onRowKey }}
          {...(hrefOf && { hrefOf })}
          {...(headingOf && { headingOf })}
          label={kind.title}
          columnChoice={choice}
          card={props.card}
          onPeek={peek.open}
          onCursorRow={peek.follow}
          peekedKey={peek.row?.key}
          state={view.error ? "stale" : view.isComplete || lines.length > 0 ? "ready" : "loading"}
          empty={<Empty catalog={catalog} firstRun={props.firstRun} />}
          footer={<Footer catalog={catalog} words={props.orderWords} isHeld={held.isHeld} />}
        />
      </div>
      {peek.key !== undefined && (view.isComplete || peek.row) && (
        <Suspense fallback={null}>{props.panel(peek.row, peek.row ? actsOf(peek.row) : [], peek.close)}</Suspense>
      )}
      {menu && (
        <Suspense fallback={null}>
          <RowMenu
            at={menu}
            target={kind.set}
            query={catalog.text}
            onQuery={catalog.setQuery}
            acts={actsOf(menu.row)}
            tokens={tokensOf(menu.row)}
            onClose={() => setMenu(undefined)}
          />
        </Suspense>
      )}
    </div>
  );
}

/** The lines of a list; one is found by its other keys too. */
function rowsOf<Line extends CatalogLine>(lines: readonly Line[]): RowSource<Line> {
  const rows = allRows(lines, ({ key }) => key);
  let places: ReadonlyMap<string, number> | undefined;
  return {
    ...rows,
    indexOf(key) {
      const place = rows.indexOf(key);
      if (place >= 0) return place;
      places ??= new Map(lines.flatMap(({ aliases = [] }, index) => aliases.map((alias) => [alias, index])));
      return places.get(key) ?? -1;
    },
  };
}

function marksOf({ newAt, goneAt }: CatalogLine) {
  const isGone = goneAt !== undefined;
  return { isGone, isStruck: isGone, isNew: !isGone && newAt !== undefined && serverNow() - newAt < newRowMs };
}

interface EmptyProps<Set extends CatalogSet> {
  readonly catalog: Catalog<Set>;
  readonly firstRun: ReactNode;
}

function Empty<Set extends CatalogSet>({ catalog, firstRun }: EmptyProps<Set>) {
  const { text, query, kind, rows, setQuery } = catalog;
  if (text === "") return firstRun;
  const nowMs = serverNow();
  const named = openOf(rows).map(({ row }) => kind.namedOf(row, nowMs));
  const excluding = mostExcluding(text, query, named, nowMs);
  return <NoMatch noun={kind.noun} query={text} excluding={excluding} onQuery={setQuery} />;
}

interface FooterProps<Set extends CatalogSet> {
  readonly catalog: Catalog<Set>;
  readonly words: string;
  readonly isHeld: boolean;
}

function Footer<Set extends CatalogSet>({ catalog: { isSortedAtFirst }, words, isHeld }: FooterProps<Set>) {
  const said = [...(isSortedAtFirst ? [words] : []), ...(isHeld ? ["order held while you are here"] : [])];
  return said.map((each) => (
    <span key={each} className={styles.words}>
      <span className="cut">{each}</span>
    </span>
  ));
}
