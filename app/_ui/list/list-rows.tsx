"use client";
import { useDeferredValue } from "react";
import styles from "./list.module.css";
import type { ListProps } from "./list-props.ts";
import { ListRow } from "./list-row.tsx";
import { AbsentRow } from "./list-skeleton.tsx";
import type { RowSource } from "./row-source.ts";
import { useElementNames } from "./use-element-names.ts";
import type { ListView } from "./use-list-view.ts";

/** The rows in sight, each at its place. */
export function ListRows<Row>(props: PlacedProps<Row>) {
  const { view, rows } = props;
  const places = placesOf(view, rows, useDeferredValue(rows));
  const names = useElementNames(
    places.flatMap(({ key }) => key ?? []),
    new Set(places.flatMap(({ key, index }) => (key !== undefined && view.isInSight(index) ? key : []))),
    view.cursorKey,
  );
  return (
    <div role="presentation" className={styles.space} style={{ height: view.spaceHeight }}>
      {places.map((place) => placedRow(props, place, names))}
    </div>
  );
}

type PlacedProps<Row> = ListProps<Row> & { readonly view: ListView };

/** A row that is drawn. */
interface Place<Row> {
  /** From 0. */
  readonly index: number;
  /** Both are absent while the row is not here. */
  readonly row: Row | undefined;
  readonly key: string | undefined;
}

/** The rows to draw, in order: what is in sight as it is now, what is beyond it as it was until there is time for that. */
function placesOf<Row>(view: ListView, now: RowSource<Row>, later: RowSource<Row>): readonly Place<Row>[] {
  // While rows move from one page to another, or to another place, one can be in two.
  const drawn = new Set<string>();
  const places = new Map<number, Place<Row>>();
  const add = (index: number, row: Row | undefined, key: string | undefined) => {
    if (key !== undefined && drawn.has(key)) return;
    if (key !== undefined) drawn.add(key);
    places.set(index, { index, row, key });
  };
  for (const index of view.indexes) if (view.isInSight(index)) add(index, now.at(index), now.keyAt(index));
  for (const index of view.indexes) {
    const row = view.isInSight(index) ? undefined : later.at(index);
    if (row !== undefined) add(index, row, later.keyAt(index));
  }
  return view.indexes.flatMap((index) => places.get(index) ?? []);
}

/** The row at a place. It is made for each row in sight whenever one of them changes, so that it is no component. */
function placedRow<Row>(props: PlacedProps<Row>, { index, row, key }: Place<Row>, names: ReadonlyMap<string, number>) {
  const { view, columns, card, marksOf, hrefOf, headingOf, selection, peekedKey, onPeek } = props;
  const top = index * view.rowHeight + view.shift;
  const isCursor = index === view.cursorIndex;
  if (row === undefined || key === undefined) {
    const hasChoice = selection !== undefined;
    return <AbsentRow key={`at ${index}`} {...{ index, top, isCursor, columns, card, hasChoice }} />;
  }
  const heading = headingOf?.(row);
  const href = hrefOf?.(row);
  if (heading) {
    return (
      <div key={names.get(key)} role="row" aria-rowindex={index + 2} className={styles.section} style={{ top }}>
        <div role="gridcell" aria-colspan={columns.length + Number(selection !== undefined)}>
          {heading}
        </div>
      </div>
    );
  }
  return (
    <ListRow
      key={names.get(key)}
      rowKey={key}
      row={row}
      index={index}
      top={top}
      columns={columns}
      marks={marksOf(row)}
      isCursor={isCursor}
      isPeeked={peekedKey === key}
      choice={choiceOf(row, selection)}
      card={card}
      href={href}
      canOpen={href !== undefined || onPeek !== undefined}
      onOpen={view.open}
      onCursor={view.setCursor}
      onChoose={view.choose}
    />
  );
}

function choiceOf<Row>(row: Row, selection: ListProps<Row>["selection"]) {
  if (selection === undefined) return undefined;
  if (selection.isSelected(row)) return "chosen";
  return selection.canSelect(row) ? "free" : "locked";
}
