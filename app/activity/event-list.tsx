"use client";
import { ArrowUpRight, Copy } from "lucide-react";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import type { AuditEvent } from "../../content/audit.ts";
import { serverNow } from "../_live/clock.ts";
import type { EventRow } from "../_live/events.ts";
import { newRowMs } from "../_live/held-set.ts";
import { filterItems, filterKeys, menuLabels } from "../_query/filter-items.ts";
import { copyText } from "../_ui/copy-button.tsx";
import type { RowMarks } from "../_ui/list/column.ts";
import { List } from "../_ui/list/list.tsx";
import type { RowSource } from "../_ui/list/row-source.ts";
import { allRows } from "../_ui/list/row-source.ts";
import type { ColumnChoice } from "../_ui/list/use-columns.ts";
import { useColumnsBeside } from "../_ui/list/use-columns-beside.ts";
import { usePeek } from "../_ui/list/use-peek.ts";
import { Menu } from "../_ui/popups/index.ts";
import type { MenuItem } from "../_ui/popups/menu.tsx";
import { patiently } from "../_ui/popups/patiently.ts";
import styles from "./activity.module.css";
import { toldByPanel } from "./columns.tsx";
import { eventTokens, objectHref } from "./event-words.ts";
import { FirstRun } from "./first-run.tsx";
import { Footer } from "./footer.tsx";
import { howManyMatch } from "./how-many.ts";
import { liveEvents, loadEvent } from "./live.ts";
import { NoEventMatches } from "./no-event-matches.tsx";
import type { Activity } from "./use-activity.ts";

const loadPeek = patiently(() => import("./event-peek.tsx"));
const EventPeek = lazy(async () => ({ default: (await loadPeek()).EventPeek }));

/** Rows before the last one from which on older ones are asked for. */
const aheadRows = 100;

/** Rows that stand for older ones until they come. */
const comingRows = 30;

interface EventListProps {
  readonly activity: Activity;
  readonly columns: ColumnChoice<EventRow>;
}

/** A menu of a row: what it is about, and where it hangs. */
interface RowMenuAt {
  readonly kind: keyof typeof menuLabels;
  readonly event: AuditEvent;
  readonly element: HTMLElement;
}

/** What was done, newest first, and the panel of one event beside it. */
export function EventList({ activity, columns: choice }: EventListProps) {
  const { view, query, identity, text, setQuery } = activity;
  const [menu, setMenu] = useState<RowMenuAt>();
  const rows = useMemo(() => rowsOf(view.rows, view.hasOlder && !view.isFull), [view]);
  const peek = usePeek(rows, loadEvent, true);
  const columns = useColumnsBeside(choice, toldByPanel, peek.key !== undefined);
  const isAnswer = view.query === query && !view.error;
  const onSight = useCallback(
    (_: number, end: number) => {
      if (end > view.rows.length - aheadRows) liveEvents.older();
    },
    [view.rows.length],
  );

  function onRowKey(key: string, { row }: EventRow, element: HTMLElement): boolean {
    if (peek.onKey(key)) return true;
    const kind = key === "." ? "acts" : filterKeys[key];
    if (kind !== undefined) setMenu({ kind, event: row, element });
    else if (key === "c") void copyText(row.digest || row.name, "object");
    else return false;
    return true;
  }

  return (
    <div className={styles.beside}>
      <List
        {...{ identity, rows, columns, marksOf, newAtOf, hrefOf, onRowKey, onSight }}
        label="Activity"
        columnChoice={choice}
        card={styles.card}
        sort={newestFirst}
        onSort={() => undefined}
        onPeek={peek.open}
        onCursorRow={peek.follow}
        peekedKey={peek.key}
        state={isAnswer ? "ready" : view.query === undefined && !view.error ? "loading" : "stale"}
        isCounting={!view.isComplete || view.hasOlder}
        empty={text === "" ? <FirstRun names={activity.names} /> : <NoEventMatches query={query} onQuery={setQuery} />}
        footer={<Footer view={view} />}
        whole={howManyMatch(view, text)}
      />
      {peek.row && (
        <Suspense fallback={null}>
          <EventPeek event={peek.row.row} onClose={peek.close} />
        </Suspense>
      )}
      {menu && <RowMenu at={menu} query={text} onQuery={setQuery} onClose={() => setMenu(undefined)} />}
    </div>
  );
}

const newestFirst = [{ id: "time", isDescending: true }] as const;

/** The rows that are here, and some that stand for those that are to come. */
function rowsOf(rows: readonly EventRow[], hasMore: boolean): RowSource<EventRow> {
  const here = allRows(rows, ({ key }) => key);
  return hasMore ? { ...here, count: here.count + comingRows } : here;
}

const newAtOf = ({ newAt }: EventRow) => newAt;
const hrefOf = ({ row }: EventRow) => objectHref(row);

function marksOf({ newAt }: EventRow): RowMarks {
  return { isNew: newAt !== undefined && serverNow() - newAt < newRowMs };
}

interface RowMenuProps {
  readonly at: RowMenuAt;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly onClose: () => void;
}

/** What can be done with an event, or asked by it. */
function RowMenu({ at, query, onQuery, onClose }: RowMenuProps) {
  const router = useRouter();
  const anchor = useMemo(() => ({ current: at.element }), [at.element]);
  const isExcluded = at.kind === "exclude";
  const filters = filterItems(eventTokens(at.event), { target: "events", query, isExcluded, onQuery });
  const href = objectHref(at.event);
  const acts: readonly MenuItem[] = [
    ...(href === undefined
      ? []
      : [{ key: "open", label: "Open what it is about", icon: ArrowUpRight, onSelect: () => router.push(href) }]),
    {
      key: "copy",
      label: "Copy what it is about",
      note: "c",
      icon: Copy,
      onSelect: () => void copyText(at.event.digest || at.event.name, "object"),
    },
    {
      key: "json",
      label: "Copy as JSON",
      icon: Copy,
      onSelect: () => void copyText(JSON.stringify(at.event, undefined, 2), "event"),
    },
  ];
  return (
    <Suspense fallback={null}>
      <Menu
        anchor={anchor}
        label={menuLabels[at.kind]}
        onClose={onClose}
        groups={at.kind === "acts" ? [acts, filters] : [filters]}
      />
    </Suspense>
  );
}
