"use client";
import { Pause, Play } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { useCallback, useMemo, useState } from "react";
import { serverNow } from "../_live/clock.ts";
import { newRowMs } from "../_live/held-set.ts";
import { useStore } from "../_live/hooks.ts";
import type { IngestRow } from "../_live/ingests.ts";
import { liveIngests } from "../_live/live.ts";
import { pauseStore, togglePause } from "../_live/pause.ts";
import { useScope } from "../_shell/scope.ts";
import { Button } from "../_ui/button.tsx";
import { formatCounted } from "../_ui/format.ts";
import { nextSort, sortFromText, sortToText } from "../_ui/list/column.ts";
import { List } from "../_ui/list/list.tsx";
import { allRows } from "../_ui/list/row-source.ts";
import { PageHead } from "../_ui/page-head.tsx";
import { useKeyHint } from "../_ui/shortcuts.ts";
import { ErrorState } from "../_ui/states.tsx";
import { Answer } from "./answer.tsx";
import { ingestColumns } from "./columns.tsx";
import type { Doomed } from "./confirm-abort.tsx";
import { ConfirmAbort } from "./confirm-abort.tsx";
import styles from "./ingests.module.css";
import type { Line } from "./line.ts";
import { sortable, troubleFirst } from "./line.ts";
import { NothingMoves } from "./nothing-moves.tsx";
import { useHeld } from "./use-held.ts";
import { useAborting, useLines } from "./use-lines.ts";

const chosen = parseAsString.withDefault("").withOptions({ history: "push" });

/** What moves, what is stuck, and who holds it. */
export function IngestsPage() {
  const { names } = useScope();
  const view = useStore(liveIngests);
  const [sortText, setSortText] = useQueryState("sort", chosen);
  const sort = useMemo(() => readSort(sortText), [sortText]);
  const [doomed, setDoomed] = useState<Doomed>();
  const [aborting, addAborting] = useAborting(view);
  useKeyHint("a", "Abort…", "Acts");
  const held = useHeld(doomed !== undefined);
  const lines = useLines(view, sort, held.isHeld, aborting);
  const rows = useMemo(() => allRows(lines, keyOf), [lines]);
  const onAbort = useCallback((row: IngestRow, element: HTMLElement) => setDoomed({ row, element }), []);
  const hasNamespaces = names.length !== 1;
  const columns = useMemo(() => ingestColumns(hasNamespaces, onAbort), [hasNamespaces, onAbort]);

  return (
    <>
      <PageHead title="Ingests" name="Ingests" answer={<Answer view={view} />} acts={<PauseButton />} />
      {view.error ? (
        <ErrorState error={view.error} onRetry={() => window.location.reload()} />
      ) : (
        <div className={styles.holds} {...held.listeners}>
          <List
            label="Ingests"
            rows={rows}
            columns={columns}
            leastWidth={hasNamespaces ? 1224 : 1130}
            card={styles.card}
            sort={sort}
            onSort={(id, keepsFirst) =>
              void setSortText(sortToText(nextSort(sort, id, id !== "ref" && id !== "ns", keepsFirst)))
            }
            marksOf={marksOf}
            hrefOf={hrefOf}
            headingOf={headingOf}
            onRowKey={(key, line, element) => {
              if (key !== "a" || line.kind !== "ingest" || line.row.goneAt !== undefined) return false;
              onAbort(line.row, element);
              return true;
            }}
            identity={`${names.join(",")} ${sortText}`}
            state={view.isComplete || lines.length > 0 ? "ready" : "loading"}
            empty={<NothingMoves />}
            footer={<Footer lines={lines} isSorted={sortText === ""} isHeld={held.isHeld} />}
          />
        </div>
      )}
      {doomed && <ConfirmAbort doomed={doomed} onClose={() => setDoomed(undefined)} onAborting={addAborting} />}
    </>
  );
}

function readSort(text: string) {
  const sort = sortFromText(text, sortable);
  return sort.length > 0 ? sort : [troubleFirst];
}

function PauseButton() {
  const isPaused = useStore(pauseStore).since !== undefined;
  return (
    <Button icon={isPaused ? Play : Pause} shortcut="p" onClick={togglePause} aria-pressed={isPaused}>
      {isPaused ? "Resume" : "Pause"}
    </Button>
  );
}

interface FooterProps {
  readonly lines: readonly Line[];
  readonly isSorted: boolean;
  readonly isHeld: boolean;
}

function Footer({ lines, isSorted, isHeld }: FooterProps) {
  const count = lines.filter((line) => line.kind === "ingest" && line.row.goneAt === undefined).length;
  return (
    <>
      <span>{formatCounted(count, "ingest")}</span>
      {isSorted && (
        <>
          <span className="faint">·</span>
          <span className="cut">trouble first, then oldest</span>
        </>
      )}
      {isHeld && (
        <>
          <span className="faint">·</span>
          <span className="cut">order held while you are here</span>
        </>
      )}
    </>
  );
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
  if (line.kind !== "ended" || line.ended.digest === undefined) return undefined;
  const isStored = line.ended.outcome === "committed" || line.ended.outcome === "existed";
  return isStored ? `/blob?ns=${encodeURIComponent(line.ended.namespace)}&d=${line.ended.digest}` : undefined;
}

function headingOf(line: Line) {
  if (line.kind !== "heading") return undefined;
  return (
    <>
      Ended <span>{formatCounted(line.count, "ingest")} since this page was opened, 200 at most</span>
    </>
  );
}
