"use client";
import { Tag, Trash2 } from "lucide-react";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import type { BlobQuery, BlobsView } from "../_live/blobs.ts";
import { useStore } from "../_live/hooks.ts";
import { blobKey } from "../_live/keys.ts";
import { Button } from "../_ui/button.tsx";
import { type ChosenTotals, hasAny, isSameSet, nothing, only, totalsOfChosen } from "../_ui/list/chosen.ts";
import { SelectionBar, wordsOfAll } from "../_ui/list/selection-bar.tsx";
import { patiently } from "../_ui/popups/patiently.ts";
import { useShortcut } from "../_ui/shortcuts.ts";
import type { ChosenBlobs } from "./chosen.ts";
import { bytesOfBlobs, chosenBlobs } from "./chosen-blobs.ts";
import { outsideOf } from "./outside.ts";

const BulkChosen = lazy(patiently(async () => ({ default: (await import("./bulk-chosen.tsx")).BulkChosen })));

interface BlobSelectionProps {
  readonly query: BlobQuery;
  readonly view: BlobsView;
  /** Shows the blobs of the choice that the query leaves out. */
  readonly onOutside: (query: string) => void;
}

/** The blobs that are chosen, and what can be done with them; absent with nothing chosen. */
export function BlobSelection({ query, view, onOutside }: BlobSelectionProps) {
  const chosen = useStore(chosenBlobs);
  const [act, setAct] = useState<"delete" | "label">();
  const totals = totalsOfChosen(chosen, useTotalsOfAll(chosen, query, view), bytesOfBlobs);
  const outside = useMemo(() => outsideOf(chosen, query.selection), [chosen, query]);
  if (!hasAny(chosen)) return null;
  return (
    <SelectionBar
      totals={totals}
      words={
        chosen.kind === "some" ? "" : wordsOfAll(chosen.query.selection.query ?? "", isSameSet(chosen.query, query))
      }
      outside={outside}
      onOutside={onOutside}
      onClear={() => chosenBlobs.set(nothing)}
    >
      <BarActs onAct={setAct} />
      {act && totals && (
        <Suspense fallback={null}>
          <BulkChosen
            key={act}
            act={act}
            chosen={chosen}
            totals={totals}
            onClose={(failed) => {
              setAct(undefined);
              if (failed) chosenBlobs.set(only(failed.map((blob) => [blobKey(blob), blob])));
            }}
          />
        </Suspense>
      )}
    </SelectionBar>
  );
}

function BarActs({ onAct }: { readonly onAct: (act: "delete" | "label") => void }) {
  useShortcut("Delete", "Delete the selection…", "Acts", () => onAct("delete"), "change");
  useShortcut("l", "Label the selection…", "Acts", () => onAct("label"), "change");
  return (
    <>
      <Button isSmall icon={Tag} needs="change" onClick={() => onAct("label")}>
        Labels…
      </Button>
      <Button isSmall look="danger" icon={Trash2} needs="change" onClick={() => onAct("delete")}>
        Delete…
      </Button>
    </>
  );
}

/** The totals of a choice of all: those on the page while it shows that query, and the last known ones then. */
function useTotalsOfAll(chosen: ChosenBlobs, query: BlobQuery, view: BlobsView): ChosenTotals | undefined {
  const [known, setKnown] = useState<ChosenTotals>();
  const isShown = chosen.kind === "all" && view.query === query && isSameSet(chosen.query, query);
  const totals = isShown ? view.totals : undefined;
  useEffect(() => {
    if (totals !== undefined) setKnown(totals);
  }, [totals]);
  return totals ?? known;
}
