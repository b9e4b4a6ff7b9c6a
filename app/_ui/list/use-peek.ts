"use client";
import { parseAsString, throttle, useQueryState } from "nuqs";
import { useCallback, useEffect, useRef, useState } from "react";
import { useShortcut } from "../shortcuts.ts";
import type { RowSource } from "./row-source.ts";

/** A panel beside a list, about one of its rows. */
export interface PeekOfRow<Row> {
  /** The row as it is now, or as it was when it was last here; absent: there is no panel, or nothing to show in it yet. */
  readonly row: Row | undefined;
  readonly key: string | undefined;
  /** Show a row. @returns false when it is shown already, and where there is no room for a panel */
  readonly open: (row: Row) => boolean;
  /** The cursor is on another row: an open panel goes along. */
  readonly follow: (row: Row) => void;
  /** @returns true when the key closed it */
  readonly onKey: (key: string) => boolean;
  readonly close: () => void;
}

/** Where a panel has no room beside the list or over it, in pixels of the page. */
const leastWidth = 768;

/** The address parameter: a namespace, `/`, and what names the row in it. */
const param = parseAsString.withOptions({ limitUrlUpdates: throttle(120) });

/**
 * Keeps which row the panel is about, in the address: a link opens it, and Back closes it.
 *
 * @param load brings a row that is not among those here, such as one of a link; undefined: there is none
 * @param coversList true: where the panel has no room, it lies over the whole list
 */
export function usePeek<Row extends { readonly key: string }>(
  rows: RowSource<Row>,
  load?: (key: string) => Promise<Row | undefined>,
  coversList = false,
): PeekOfRow<Row> {
  const [address, setAddress] = useQueryState("peek", param);
  const key = address === null ? undefined : keyOf(address);
  const latest = useRef(key);
  latest.current = key;
  const [held, setHeld] = useState<Row>();
  const index = key === undefined ? -1 : rows.indexOf(key);
  const row = index >= 0 ? rows.at(index) : held?.key === key ? held : undefined;
  useMissingRow(row === undefined ? key : undefined, load, setHeld);

  const show = useCallback(
    (next: Row, history: "push" | "replace") => {
      setHeld(next);
      latest.current = next.key;
      void setAddress(addressOf(next.key), { history });
    },
    [setAddress],
  );
  const open = useCallback(
    (next: Row) => {
      if (latest.current === next.key || (!coversList && window.innerWidth < leastWidth)) return false;
      show(next, latest.current === undefined ? "push" : "replace");
      return true;
    },
    [show, coversList],
  );
  const follow = useCallback((next: Row) => latest.current !== undefined && show(next, "replace"), [show]);
  const close = useCallback(() => {
    latest.current = undefined;
    void setAddress(null, { history: "replace" });
  }, [setAddress]);
  const onKey = useCallback(
    (pressed: string) => {
      if (pressed !== "Escape" || latest.current === undefined) return false;
      close();
      return true;
    },
    [close],
  );
  useShortcut("Escape", "Close the panel", "Rows", close);
  return { row, key, open, follow, onKey, close };
}

function useMissingRow<Row>(
  key: string | undefined,
  load: ((key: string) => Promise<Row | undefined>) | undefined,
  take: (row: Row | undefined) => void,
): void {
  useEffect(() => {
    if (key === undefined || load === undefined) return;
    let isWanted = true;
    load(key).then(
      (row) => isWanted && take(row),
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [key, load, take]);
}

/** Keys of rows are a namespace, a space, and a name; neither part of an address needs to be escaped more than that. */
function addressOf(key: string): string {
  return key.replace(" ", "/");
}

function keyOf(address: string): string {
  return address.replace("/", " ");
}
