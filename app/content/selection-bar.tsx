"use client";
import { Tag, Trash2, X } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import type { BlobQuery, BlobsView } from "../_live/blobs.ts";
import { useStore } from "../_live/hooks.ts";
import { Button } from "../_ui/button.tsx";
import { formatBytes, formatCount, unknown } from "../_ui/format.ts";
import styles from "../_ui/list/bulk.module.css";
import { useShortcut } from "../_ui/shortcuts.ts";
import { BulkChosen } from "./bulk-chosen.tsx";
import type { Chosen, ChosenTotals } from "./chosen.ts";
import { isSameSet, nothing, only, totalsOfChosen } from "./chosen.ts";
import { outsideOf } from "./outside.ts";
import { chosenStore } from "./use-chosen.ts";

interface SelectionBarProps {
  readonly query: BlobQuery;
  readonly view: BlobsView;
  /** Shows the blobs of the choice that the query leaves out. */
  readonly onOutside: (query: string) => void;
}

/** What is chosen, and what can be done with it; absent with nothing chosen. */
export function SelectionBar({ query, view, onOutside }: SelectionBarProps) {
  const chosen = useStore(chosenStore);
  const [act, setAct] = useState<"delete" | "label">();
  const totals = totalsOfChosen(chosen, useTotalsOfAll(chosen, query, view));
  const outside = useMemo(() => outsideOf(chosen, query.selection), [chosen, query]);
  const hasAny = chosen.kind === "all" || chosen.blobs.size > 0;
  if (!hasAny) return null;
  return (
    <section className={styles.bar} aria-label="Selection">
      <b>{totals === undefined ? unknown : formatCount(totals.count)} selected</b>
      <span>{totals === undefined ? unknown : formatBytes(totals.bytes)}</span>
      {chosen.kind === "all" && <span className="muted">all that match{wordsOf(chosen, query)}</span>}
      {outside.count > 0 && (
        <Button isSmall look="ghost" onClick={() => onOutside(outside.query)} disabled={outside.query === ""}>
          {formatCount(outside.count)} outside this query
        </Button>
      )}
      <span className="grow" />
      <BarActs onAct={setAct} />
      {act && totals && (
        <BulkChosen
          key={act}
          act={act}
          chosen={chosen}
          totals={totals}
          onClose={(failed) => {
            setAct(undefined);
            if (failed) chosenStore.set(only(failed));
          }}
        />
      )}
    </section>
  );
}

function BarActs({ onAct }: { readonly onAct: (act: "delete" | "label") => void }) {
  useShortcut("Delete", "Delete the selection…", "Acts", () => onAct("delete"));
  useShortcut("l", "Label the selection…", "Acts", () => onAct("label"));
  return (
    <>
      <Button isSmall icon={Tag} onClick={() => onAct("label")}>
        Labels…
      </Button>
      <Button isSmall look="danger" icon={Trash2} onClick={() => onAct("delete")}>
        Delete…
      </Button>
      <Button isSmall look="ghost" icon={X} onClick={() => chosenStore.set(nothing)}>
        Clear
      </Button>
    </>
  );
}

function wordsOf(chosen: Extract<Chosen, { kind: "all" }>, query: BlobQuery): string {
  if (isSameSet(chosen.query, query)) return "";
  const asked = chosen.query.selection.query ?? "";
  return asked === "" ? " without a query" : ` “${asked}”`;
}

/** The totals of a choice of all: those on the page while it shows that query, and the last known ones then. */
function useTotalsOfAll(chosen: Chosen, query: BlobQuery, view: BlobsView): ChosenTotals | undefined {
  const [known, setKnown] = useState<ChosenTotals>();
  const isShown = chosen.kind === "all" && view.query === query && isSameSet(chosen.query, query);
  const totals = isShown ? view.totals : undefined;
  useEffect(() => {
    if (totals !== undefined) setKnown(totals);
  }, [totals]);
  return totals ?? known;
}
