"use client";
import { RefreshCw } from "lucide-react";
import { useMemo } from "react";
import { isKind } from "../../content/errors.ts";
import type { EventRow, EventsView } from "../_live/events.ts";
import { storeHere } from "../_live/here.ts";
import { useStore } from "../_live/hooks.ts";
import { pauseStore } from "../_live/pause.ts";
import { factsOf, storesStore } from "../_live/stores.ts";
import { ListPage } from "../_query/list-page.tsx";
import { useRowMenuHints } from "../_query/use-row-menu-hints.ts";
import { Button } from "../_ui/button.tsx";
import { formatCount, formatCounted, formatTimeOfDay, unknown } from "../_ui/format.ts";
import type { ColumnChoice } from "../_ui/list/use-columns.ts";
import { useColumns } from "../_ui/list/use-columns.ts";
import { useLock } from "../_ui/lock.ts";
import { PageHead } from "../_ui/page-head.tsx";
import { useKeyHint } from "../_ui/shortcuts.ts";
import { CratesDrawing, DeniedState, ErrorState, LockedState, State } from "../_ui/states.tsx";
import { Ago } from "../_ui/time.tsx";
import { useStaleSince } from "../ingests/freshness.tsx";
import { eventColumns } from "./columns.tsx";
import { EventList } from "./event-list.tsx";
import { ExportMenu } from "./export-menu.tsx";
import { FirstRun } from "./first-run.tsx";
import { howManyMatch } from "./how-many.ts";
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
  useEventHints();
  return (
    <ListPage
      name="Activity"
      answer={<Answer activity={activity} />}
      acts={!isEmpty && <ExportMenu query={query} />}
      target="events"
      placeholder="act:delete who:mei age:<7d, or a digest"
      asked={activity}
      columns={columns}
      onRetry={liveEvents.retry}
      refused={<Refused view={view} />}
    >
      {isEmpty ? <FirstRun names={names} /> : <EventList activity={activity} columns={columns} />}
    </ListPage>
  );
}

function useEventColumns(hasNamespaces: boolean): ColumnChoice<EventRow> {
  const hasStores = useStore(storesStore).stores.length > 1;
  const all = useMemo(() => eventColumns({ namespaces: hasNamespaces, stores: hasStores }), [hasNamespaces, hasStores]);
  return useColumns("activity", all);
}

/** How many match, of how many that are kept, and since when. */
function Answer({ activity: { view, text } }: { readonly activity: Activity }) {
  const since = useOldSince();
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
            <b>{howManyMatch(view, text)}</b> of {formatCounted(whole, "event")}
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

/** Since when it is not followed any more, or is paused. Its streams go on where the page's store does not answer: the audit is the server's. */
function useOldSince(): Date | undefined {
  const since = useStaleSince();
  const isPaused = useStore(pauseStore).since !== undefined;
  const facts = factsOf(useStore(storesStore), storeHere());
  return isPaused || facts?.state !== "unreachable" ? since : undefined;
}

function limitWords({ kept }: EventsView): string | undefined {
  if (kept === undefined) return undefined;
  const age = kept.maxAgeDays === 0 ? "" : `${formatCounted(kept.maxAgeDays, "day")} or `;
  return `The server keeps ${age}${formatCounted(kept.maxEvents, "event")}, whichever is less`;
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

function useEventHints(): void {
  useKeyHint("c", "Copy what it is about", "Acts");
  useRowMenuHints();
}
