"use client";
import { useMemo, useRef } from "react";
import type { Blob } from "../../content/remote/events.ts";
import type { BlobQuery, BlobRow } from "../_live/blobs.ts";
import { useStore } from "../_live/hooks.ts";
import { createStore } from "../_live/store.ts";
import type { ListSelection } from "../_ui/list/list-selection.ts";
import type { RowSource } from "../_ui/list/row-source.ts";
import type { Chosen } from "./chosen.ts";
import { extend, isChosen, nothing, only, toggle } from "./chosen.ts";
import { collectRange } from "./collect.ts";

/** What is chosen; it stays while pages, queries and orders change. */
export const chosenStore = createStore<Chosen>(nothing);

/** Rows between two that are chosen at once, at most, where not all of them are here. */
const mostOfRange = 100_000;

/** What chooses the rows of the blobs. @param isWhole every row can be reached */
export function useChosen(query: BlobQuery, rows: RowSource<BlobRow>, isWhole: boolean): ListSelection<BlobRow> {
  const chosen = useStore(chosenStore);
  const last = useRef<string>(undefined);
  return useMemo((): ListSelection<BlobRow> => {
    const isSelected = ({ key }: BlobRow) => isChosen(chosen, key, query);
    return {
      isSelected,
      canSelect: ({ goneAt }) => goneAt === undefined,
      toggle(index) {
        const row = rows.at(index);
        if (row === undefined || (row.goneAt !== undefined && !isSelected(row))) return;
        last.current = row.key;
        const base = chosen.kind === "all" && !isSelected(row) && !chosen.except.has(row.key) ? nothing : chosen;
        chosenStore.set(toggle(base, row.row));
      },
      extend(index) {
        const from = last.current === undefined ? index : rows.indexOf(last.current);
        void addRange(query, rows, from < 0 ? index : from, index);
        last.current = rows.keyAt(index) ?? last.current;
      },
      all() {
        chosenStore.set(isWhole && rows.count > 0 ? { kind: "all", query, except: new Map() } : only(blobsHere(rows)));
      },
      clear: () => chosenStore.set(nothing),
      state: stateOf(chosen),
    };
  }, [chosen, query, rows, isWhole]);
}

function stateOf(chosen: Chosen): ListSelection<BlobRow>["state"] {
  if (chosen.kind === "all") return chosen.except.size === 0 ? "all" : "some";
  return chosen.blobs.size === 0 ? "none" : "some";
}

async function addRange(query: BlobQuery, rows: RowSource<BlobRow>, from: number, to: number): Promise<void> {
  const [first, end] = [Math.min(from, to), Math.min(Math.max(from, to) + 1, Math.min(from, to) + mostOfRange)];
  const here = Array.from({ length: end - first }, (_, offset) => rows.at(first + offset));
  const isHere = !here.includes(undefined);
  const more = isHere ? alive(here) : await collectRange(query, first, end);
  chosenStore.set(extend(chosenStore.get(), more));
}

function blobsHere(rows: RowSource<BlobRow>): readonly Blob[] {
  return alive(Array.from({ length: rows.count }, (_, index) => rows.at(index)));
}

function alive(rows: readonly (BlobRow | undefined)[]): readonly Blob[] {
  return rows.flatMap((row) => (row === undefined || row.goneAt !== undefined ? [] : [row.row]));
}
