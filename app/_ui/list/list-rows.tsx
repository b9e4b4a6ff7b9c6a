"use client";
import styles from "./list.module.css";
import type { ListProps } from "./list-props.ts";
import { ListRow } from "./list-row.tsx";
import { AbsentRow } from "./list-skeleton.tsx";
import type { ListView } from "./use-list-view.ts";

/** The rows in sight, each at its place. */
export function ListRows<Row>({ view, ...props }: ListProps<Row> & { readonly view: ListView }) {
  const drawn = new Set<string>();
  return (
    <div role="presentation" className={styles.space} style={{ height: view.spaceHeight }}>
      {view.indexes.map((index) => {
        const key = props.rows.keyAt(index) ?? "";
        // While rows move from one page to another, one can be in both.
        const isDrawn = drawn.has(key);
        drawn.add(key);
        if (isDrawn && key !== "") return null;
        return <PlacedRow key={key === "" ? `at ${index}` : key} {...props} view={view} index={index} />;
      })}
    </div>
  );
}

interface PlacedRowProps<Row> extends ListProps<Row> {
  readonly view: ListView;
  readonly index: number;
}

function PlacedRow<Row>({ view, index, ...props }: PlacedRowProps<Row>) {
  const { rows, columns, card, marksOf, hrefOf, headingOf, selection, peekedKey, onPeek } = props;
  const row = rows.at(index);
  const key = rows.keyAt(index);
  const top = index * view.rowHeight + view.shift;
  const isCursor = index === view.cursorIndex;
  if (row === undefined || key === undefined) {
    return <AbsentRow {...{ index, top, isCursor, columns, card }} hasChoice={selection !== undefined} />;
  }
  const heading = headingOf?.(row);
  const href = hrefOf?.(row);
  if (heading) {
    return (
      <div
        role="row"
        aria-rowindex={index + 2}
        className={styles.section}
        style={{ transform: `translateY(${top}px)` }}
      >
        <div role="gridcell" aria-colspan={columns.length + Number(selection !== undefined)}>
          {heading}
        </div>
      </div>
    );
  }
  return (
    <ListRow
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
