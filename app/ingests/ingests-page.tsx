"use client";
import { Pause, Play } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { isKind } from "../../content/errors.ts";
import type { Ingest } from "../../content/remote/events.ts";
import { useStore } from "../_live/hooks.ts";
import type { IngestRow } from "../_live/ingests.ts";
import { liveIngests } from "../_live/live.ts";
import { pauseStore, togglePause } from "../_live/pause.ts";
import { ListPage } from "../_query/list-page.tsx";
import { useRowMenuHints } from "../_query/use-row-menu-hints.ts";
import { Button } from "../_ui/button.tsx";
import { only } from "../_ui/list/chosen.ts";
import { useColumns } from "../_ui/list/use-columns.ts";
import { useKeyHint } from "../_ui/shortcuts.ts";
import { DeniedState, ErrorState } from "../_ui/states.tsx";
import { nameOfIngest } from "./abort.ts";
import { Answer } from "./answer.tsx";
import { BulkAbort } from "./bulk-abort.tsx";
import { chosenIngests, ingestChoice } from "./chosen-ingests.ts";
import { ingestColumns } from "./columns.tsx";
import type { Doomed } from "./confirm-abort.tsx";
import { ConfirmAbort } from "./confirm-abort.tsx";
import { IngestList } from "./ingest-list.tsx";
import { IngestSelection } from "./ingest-selection.tsx";
import type { Ingests } from "./use-ingests.ts";
import { useIngests } from "./use-ingests.ts";

/** Many ingests that somebody wants to end. */
interface DoomedMany {
  readonly ingests: readonly Ingest[];
  readonly areStalled: boolean;
}

/** What moves, what is stuck, and who holds it. */
export function IngestsPage() {
  const ingests = useIngests();
  const { view, setQuery, query } = ingests;
  const [doomed, setDoomed] = useState<Doomed>();
  const [many, setMany] = useState<DoomedMany>();
  const onAbort = useCallback((row: IngestRow, element: HTMLElement) => setDoomed({ row, element }), []);
  const columns = useIngestColumns(ingests.names.length !== 1, onAbort);
  useIngestKeyHints();

  const acts = <Acts ingests={ingests} onAbortStalled={(all) => setMany({ ingests: all, areStalled: true })} />;
  return (
    <>
      <ListPage
        name="Ingests"
        answer={<Answer ingests={ingests} />}
        acts={acts}
        target="ingests"
        placeholder="state:stalled ref:layer age:>10m, or a part of a ref"
        asked={ingests}
        columns={columns}
        onRetry={liveIngests.retry}
        refused={<Refused error={view.error} />}
      >
        <IngestList
          ingests={ingests}
          columns={columns}
          isAsking={doomed !== undefined || many !== undefined}
          onAbort={onAbort}
        />
        <IngestSelection
          view={view}
          query={query}
          onOutside={setQuery}
          onAbort={(all) => setMany({ ingests: all, areStalled: false })}
        />
      </ListPage>
      {doomed && <ConfirmAbort doomed={asItIsNow(doomed, view.rows)} onClose={() => setDoomed(undefined)} />}
      {many && <BulkAbort {...many} onClose={(left) => closeMany(many, left, () => setMany(undefined))} />}
    </>
  );
}

/** The same ingest with what has come since it was asked about; as it was then when it is gone. */
function asItIsNow(doomed: Doomed, rows: readonly IngestRow[]): Doomed {
  const name = nameOfIngest(doomed.row.row);
  return { ...doomed, row: rows.find(({ row }) => nameOfIngest(row) === name) ?? doomed.row };
}

/** What is left stays chosen. */
function closeMany({ areStalled }: DoomedMany, left: readonly Ingest[] | undefined, close: () => void): void {
  close();
  if (left === undefined || (areStalled && left.length === 0)) return;
  chosenIngests.set(only(left.map((ingest) => [ingestChoice.keyOf(ingest), ingest])));
}

function useIngestColumns(hasNamespaces: boolean, onAbort: (row: IngestRow, element: HTMLElement) => void) {
  const all = useMemo(() => ingestColumns(hasNamespaces, onAbort), [hasNamespaces, onAbort]);
  return useColumns("ingests", all);
}

interface ActsProps {
  readonly ingests: Ingests;
  readonly onAbortStalled: (ingests: readonly Ingest[]) => void;
}

function Acts({ ingests: { matching }, onAbortStalled }: ActsProps) {
  const stalled = matching.rows.filter(({ view, goneAt }) => goneAt === undefined && view.state === "stalled");
  return (
    <>
      <PauseButton />
      {stalled.length > 0 && (
        <Button needs="change" onClick={() => onAbortStalled(stalled.map(({ row }) => row))}>
          Abort {stalled.length} stalled…
        </Button>
      )}
    </>
  );
}

function PauseButton() {
  const isPaused = useStore(pauseStore).since !== undefined;
  return (
    <Button icon={isPaused ? Play : Pause} shortcut="p" onClick={togglePause} aria-pressed={isPaused}>
      {isPaused ? "Resume" : "Pause"}
    </Button>
  );
}

function Refused({ error }: { readonly error: unknown }) {
  const props = { error, onRetry: liveIngests.retry };
  return isKind(error, "permission-denied") ? <DeniedState what="the ingests" {...props} /> : <ErrorState {...props} />;
}

function useIngestKeyHints(): void {
  useKeyHint("a", "Abort…", "Acts");
  useKeyHint("c", "Copy ref", "Acts");
  useKeyHint("C", "Copy ctr line", "Acts");
  useRowMenuHints();
}
