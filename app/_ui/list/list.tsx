"use client";
import type { CSSProperties } from "react";
import { lazy, Suspense } from "react";
import { formatCount } from "../format.ts";
import { join } from "../join.ts";
import { patiently } from "../popups/patiently.ts";
import { leastWidthOf } from "./column.ts";
import styles from "./list.module.css";
import { ListHead } from "./list-head.tsx";
import type { ListProps } from "./list-props.ts";
import { ListRows } from "./list-rows.tsx";
import { ListSkeleton, useSkeleton } from "./list-skeleton.tsx";
import { ListStrip } from "./list-strip.tsx";
import { useListView } from "./use-list-view.ts";

/** It is loaded where there are cards. */
const CardHead = lazy(patiently(async () => ({ default: (await import("./card-head.tsx")).CardHead })));

/** Width of the column that chooses rows; where rows are no cards, in pixels too. */
const choiceWidth = "calc(24px + var(--gutter))";
const choicePixels = 48;

/** Every list of rows: virtual, sorted by its headers, moved through by keys, still while it is read. */
export function List<Row>(props: ListProps<Row>) {
  const { label, rows, columns, card, state, footer, selection } = props;
  const view = useListView(props);
  const isSkeleton = useSkeleton(state === "loading") && rows.count === 0;
  const layout: CSSProperties & Record<`--${string}`, string> = {
    "--cols": [...(selection ? [choiceWidth] : []), ...columns.map(({ width }) => width)].join(" "),
    "--least": `${leastWidthOf(columns) + (selection ? choicePixels : 0)}px`,
  };
  if (rows.count === 0 && state === "ready") return <div className={styles.empty}>{props.empty}</div>;
  return (
    <div className={styles.list}>
      <div
        ref={view.grid}
        role="grid"
        aria-label={label}
        aria-rowcount={state === "loading" || props.isCounting ? -1 : rows.count + 1}
        aria-colcount={columns.length + Number(selection !== undefined)}
        aria-multiselectable={selection !== undefined || undefined}
        aria-busy={state !== "ready"}
        className={join(styles.grid, state === "stale" && styles.dim)}
        // Without a row to focus, what scrolls must itself be reached by keys.
        tabIndex={rows.count === 0 ? 0 : undefined}
        onScroll={view.onScroll}
        onKeyDown={view.onKeyDown}
      >
        <div role="rowgroup" className={join(styles.rows, selection && styles.choosing)} style={layout}>
          {(rows.count > 0 || isSkeleton) &&
            (view.areCards ? (
              view.headHeight > 0 && (
                <Suspense fallback={<div className={styles.cardHead} />}>
                  <CardHead {...{ columns, selection }} sort={props.sort} onSort={props.onSort} />
                </Suspense>
              )
            ) : (
              <ListHead
                columns={columns}
                choice={props.columnChoice}
                sort={props.sort}
                onSort={props.onSort}
                selection={selection}
              />
            ))}
          {rows.count > 0 && <ListRows {...props} view={view} />}
          {isSkeleton && (
            <ListSkeleton
              columns={columns}
              card={card}
              rowHeight={view.rowHeight}
              hasChoice={selection !== undefined}
            />
          )}
        </div>
      </div>
      {rows.count > 0 && (
        <ListStrip
          index={view.placeIndex}
          count={rows.count}
          whole={props.whole ?? formatCount(rows.count)}
          anchor={view.anchor}
          onJump={view.moveTo}
        >
          {footer}
        </ListStrip>
      )}
    </div>
  );
}
