"use client";
import styles from "./list.module.css";
import type { ListProps } from "./list-props.ts";
import { ListRow } from "./list-row.tsx";
import { AbsentRow } from "./list-skeleton.tsx";
import type { ListView } from "./use-list-view.ts";

/** The rows in sight, each at its place. */
export function ListRows<Row>(props: PlacedProps<Row>) {
  const { view, rows } = props;
  const drawn = new Set<string>();
  return (
    <div role="presentation" className={styles.space} style={{ height: view.spaceHeight }}>
      {view.indexes.map((index) => {
        const key = rows.keyAt(index);
        // While rows move from one page to another, one can be in both.
        if (key !== undefined && drawn.has(key)) return null;
        if (key !== undefined) drawn.add(key);
        return placedRow(props, index, key);
      })}
    </div>
  );
}

type PlacedProps<Row> = ListProps<Row> & { readonly view: ListView };

/** The row at a place. It is made for each row in sight whenever one of them changes, so that it is no component. */
function placedRow<Row>(props: PlacedProps<Row>, index: number, key: string | undefined) {
  const { view, rows, columns, card, marksOf, hrefOf, headingOf, selection, peekedKey, onPeek } = props;
  const row = rows.at(index);
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
      <div key={key} role="row" aria-rowindex={index + 2} className={styles.section} style={{ top }}>
        <div role="gridcell" aria-colspan={columns.length + Number(selection !== undefined)}>
          {heading}
        </div>
      </div>
    );
  }
  return (
    <ListRow
      key={key}
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
