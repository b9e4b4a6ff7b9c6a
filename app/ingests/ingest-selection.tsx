"use client";
import { X } from "lucide-react";
import { useMemo } from "react";
import type { Ingest } from "../../content/remote/events.ts";
import { serverNow } from "../_live/clock.ts";
import { useStore } from "../_live/hooks.ts";
import type { IngestsView } from "../_live/ingests.ts";
import { Button } from "../_ui/button.tsx";
import { nothing } from "../_ui/list/chosen.ts";
import { SelectionBar } from "../_ui/list/selection-bar.tsx";
import { useShortcut } from "../_ui/shortcuts.ts";
import { bytesOfIngests, chosenIngests, chosenNow, outsideOf } from "./chosen-ingests.ts";
import type { IngestQuery } from "./ingest-query.ts";

interface IngestSelectionProps {
  readonly view: IngestsView;
  readonly query: IngestQuery;
  /** Shows the ingests of the choice that the query leaves out. */
  readonly onOutside: (query: string) => void;
  readonly onAbort: (ingests: readonly Ingest[]) => void;
}

/** The ingests that are chosen, and what can be done with them; absent with nothing chosen. */
export function IngestSelection({ view, query, onOutside, onAbort }: IngestSelectionProps) {
  const chosen = useStore(chosenIngests);
  const items = useMemo(() => (chosen.kind === "some" ? [...chosen.items.values()] : []), [chosen]);
  const { open, gone } = useMemo(() => chosenNow(items, view), [items, view]);
  if (items.length === 0) return null;
  return (
    <SelectionBar
      totals={{ count: items.length, bytes: bytesOfIngests(open) }}
      words=""
      gone={gone}
      outside={outsideOf(open, query, serverNow())}
      onOutside={onOutside}
      onClear={() => chosenIngests.set(nothing)}
    >
      <AbortChosen ingests={open} onAbort={onAbort} />
    </SelectionBar>
  );
}

interface AbortChosenProps {
  readonly ingests: readonly Ingest[];
  readonly onAbort: (ingests: readonly Ingest[]) => void;
}

function AbortChosen({ ingests, onAbort }: AbortChosenProps) {
  const abort = () => ingests.length > 0 && onAbort(ingests);
  useShortcut("a", "Abort the selection…", "Acts", abort, "change");
  return (
    <Button isSmall look="danger" icon={X} needs="change" disabled={ingests.length === 0} onClick={abort}>
      Abort…
    </Button>
  );
}
