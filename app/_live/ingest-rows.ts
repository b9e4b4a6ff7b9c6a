import type { Sample } from "../../content/eta.ts";
import type { IngestView } from "../../content/ingest-state.ts";
import { viewIngest } from "../../content/ingest-state.ts";
import type { EndedIngest, Ingest } from "../../content/remote/events.ts";
import { thresholdsSetting } from "../_settings/thresholds.ts";
import type { HeldRow } from "./held-set.ts";
import { newRowMs } from "./held-set.ts";

/** An ingest as the page shows it. */
export interface IngestRow extends HeldRow<Ingest, EndedIngest> {
  readonly view: IngestView;
  readonly samples: readonly Sample[];
}

/** Rows as a page shows them at one moment after another. */
export interface ShownIngests {
  /**
   * The rows of a moment. One that shows what it showed before stays the same object, and where all of them do, so does the
   * list: who draws them looks at nothing else.
   */
  at(held: readonly HeldRow<Ingest, EndedIngest>[], nowMs: number): readonly IngestRow[];
}

interface Shown {
  readonly held: HeldRow<Ingest, EndedIngest>;
  /** It is marked as new. */
  readonly isNew: boolean;
  /** When it was looked at last. */
  readonly atMs: number;
  readonly row: IngestRow;
}

/** What only time changes is looked at so often, in milliseconds. */
const lookMs = 900;

/** Nothing is shown yet. @param samplesOf where an ingest stood, another list whenever it is told anew */
export function createShownIngests(samplesOf: (key: string) => readonly Sample[]): ShownIngests {
  let shown = new Map<string, Shown>();
  let rows: readonly IngestRow[] = [];

  function show(held: HeldRow<Ingest, EndedIngest>, nowMs: number): Shown {
    const before = shown.get(held.key);
    const samples = samplesOf(held.key);
    const isNew = held.newAt !== undefined && nowMs - held.newAt < newRowMs;
    const isSame = before?.held === held && before.row.samples === samples && before.isNew === isNew;
    // One that is gone does not change any more, and time alone changes nothing at once.
    if (isSame && (held.goneAt !== undefined || nowMs - before.atMs < lookMs)) return before;
    const view = viewIngest(held.row, samples, new Date(nowMs), thresholdsSetting.get());
    const row = isSame && showTheSame(before.row.view, view) ? before.row : { ...held, samples, view };
    return { held, isNew, atMs: nowMs, row };
  }

  return {
    at(held, nowMs) {
      const next = new Map<string, Shown>();
      for (const each of held) next.set(each.key, show(each, nowMs));
      shown = next;
      const now = Array.from(next.values(), ({ row }) => row);
      if (now.length !== rows.length || now.some((row, index) => row !== rows[index])) rows = now;
      return rows;
    },
  };
}

/** How long it is idle counts each moment, and no row says it. */
function showTheSame(before: IngestView, now: IngestView): boolean {
  return before.state === now.state && before.etaMs === now.etaMs;
}
