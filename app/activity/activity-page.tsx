"use client";
import { Link2, RefreshCw } from "lucide-react";
import { useMemo } from "react";
import { isKind } from "../../content/errors.ts";
import type { EventRow, EventsView } from "../_live/events.ts";
import { useStore } from "../_live/hooks.ts";
import { storesStore } from "../_live/stores.ts";
import { QueryBar } from "../_query/query-bar.tsx";
import { Button } from "../_ui/button.tsx";
import { copyText } from "../_ui/copy-button.tsx";
import { errorText } from "../_ui/error-text.ts";
import { formatCount, formatCounted, formatTimeOfDay, unknown } from "../_ui/format.ts";
import { ColumnsButton } from "../_ui/list/columns-button.tsx";
import type { ColumnChoice } from "../_ui/list/use-columns.ts";
import { useColumns } from "../_ui/list/use-columns.ts";
import { useNarrow } from "../_ui/list/use-narrow.ts";
import { useLock } from "../_ui/lock.ts";
import { PageHead } from "../_ui/page-head.tsx";
import { useKeyHint, useShortcut } from "../_ui/shortcuts.ts";
import { Bar, CratesDrawing, DeniedState, ErrorState, LockedState, State } from "../_ui/states.tsx";
import { Ago } from "../_ui/time.tsx";
import { useStaleSince } from "../ingests/freshness.tsx";
import styles from "./activity.module.css";
import { eventColumns } from "./columns.tsx";
import { EventList } from "./event-list.tsx";
import { ExportMenu } from "./export-menu.tsx";
import { FirstRun } from "./first-run.tsx";
import { liveEvents } from "./live.ts";
import type { Activity } from "./use-activity.ts";
import { useActivity } from "./use-activity.ts";

/** Who changed what, newest first, as it happens; to whom may not know, that and why. */
export function ActivityPage() {
  const lock = useLock("audit");
  if (lock === undefined) return <Events />;
  return (
    <>
      <PageHead title="Activity" name="Activity" />
      <LockedState what={whatIsTold} why={lock} />
    </>
  );
}

const whatIsTold = "who changed what";

function Events() {
  const activity = useActivity();
  const { view, query, names, isEmpty } = activity;
  const columns = useEventColumns(names.length !== 1);
  const isNarrow = useNarrow();
  useShortcut("r", "Try again", "Everywhere", liveEvents.retry);
  useEventHints();
  const hasNone = view.error !== undefined && view.rows.length === 0;
  const acts = !hasNone && !isEmpty && <ExportMenu query={query} />;
  return (
    <>
      <PageHead
        title="Activity"
        name="Activity"
        answer={hasNone ? undefined : <Answer activity={activity} />}
        acts={!isNarrow && acts}
      />
      {!isEmpty && !hasNone && <EventQueryBar activity={activity} columns={columns} />}
      {hasNone && <Refused view={view} />}
      {!hasNone && view.error && <OldRows view={view} />}
      {!hasNone && (isEmpty ? <FirstRun names={names} /> : <EventList activity={activity} columns={columns} />)}
      {isNarrow && acts && <div className={styles.bottom}>{acts}</div>}
    </>
  );
}

function useEventColumns(hasNamespaces: boolean): ColumnChoice<EventRow> {
  const hasStores = useStore(storesStore).stores.length > 1;
  const all = useMemo(() => eventColumns({ namespaces: hasNamespaces, stores: hasStores }), [hasNamespaces, hasStores]);
  return useColumns("activity", all);
}

/** How many match, of how many that are kept, and since when. */
function Answer({ activity: { view, text } }: { readonly activity: Activity }) {
  const since = useStaleSince();
  const { whole, kept } = view;
  if (whole === undefined) return <span>{unknown}</span>;
  return (
    <>
      <span>
        {text === "" ? (
          <>
            <b>{formatCount(whole)}</b> {whole === 1 ? "event" : "events"}
          </>
        ) : (
          <>
            <b>{matching(view)}</b> of {formatCounted(whole, "event")}
          </>
        )}
      </span>
      {kept?.since && (
        <span data-tip={limitWords(view)}>
          kept since{" "}
          <b>
            <Ago at={kept.since} />
          </b>
        </span>
      )}
      {since && <span>as of {formatTimeOfDay(since)}</span>}
    </>
  );
}

function matching({ rows, hasOlder, isComplete, total }: EventsView): string {
  if (isComplete && !hasOlder) return formatCount(rows.length);
  if (total?.isExact) return formatCount(Math.max(total.total, rows.length));
  return `≥ ${formatCount(Math.max(total?.total ?? 0, rows.length))}`;
}

function limitWords({ kept }: EventsView): string | undefined {
  if (kept === undefined) return undefined;
  const age = kept.maxAgeDays === 0 ? "" : `${formatCounted(kept.maxAgeDays, "day")} or `;
  return `The server keeps ${age}${formatCounted(kept.maxEvents, "event")}, whichever is less`;
}

interface EventQueryBarProps {
  readonly activity: Activity;
  readonly columns: ColumnChoice<EventRow>;
}

function EventQueryBar({ activity, columns }: EventQueryBarProps) {
  const { text, setQuery, suggest, view } = activity;
  const copyLink = () => void copyText(linkOf(columns.shared), "link");
  useShortcut("y", "Copy link", "Everywhere", copyLink);
  return (
    <QueryBar
      target="events"
      placeholder="act:delete who:mei age:<7d, or a digest"
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

function Refused({ view: { error } }: { readonly view: EventsView }) {
  const props = { error, onRetry: liveEvents.retry };
  if (isKind(error, "permission-denied")) return <DeniedState what={whatIsTold} {...props} />;
  if (!isKind(error, "failed-precondition")) return <ErrorState {...props} />;
  return (
    <State
      title="This server keeps no activity"
      drawing={<CratesDrawing />}
      acts={
        <Button icon={RefreshCw} shortcut="r" onClick={liveEvents.retry}>
          Retry
        </Button>
      }
    >
      Its config turns the audit off, or it could not be opened; the log says why.
    </State>
  );
}

function OldRows({ view: { error } }: { readonly view: EventsView }) {
  return (
    <Bar
      look="danger"
      acts={
        <Button shortcut="r" onClick={liveEvents.retry}>
          Retry
        </Button>
      }
    >
      These rows are old: {errorText(error)}
    </Bar>
  );
}

function useEventHints(): void {
  useKeyHint("c", "Copy what it is about", "Acts");
  useKeyHint(".", "All acts of the row", "Acts");
  useKeyHint("f", "Filter by the row", "Rows");
  useKeyHint("F", "Exclude what is like the row", "Rows");
}
