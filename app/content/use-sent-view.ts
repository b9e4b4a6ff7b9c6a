"use client";
import { parseAsString, useQueryStates } from "nuqs";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Blob } from "../../content/remote/events.ts";
import { getBlobPage } from "../../content/remote/pages.ts";
import type { BlobQuery, BlobsView } from "../_live/blobs.ts";
import { blobKey } from "../_live/keys.ts";
import { serverTransport } from "../_live/link.ts";
import { only } from "../_ui/list/chosen.ts";
import { chosenBlobs } from "./chosen-blobs.ts";
import type { FoundRow } from "./find-sent-row.ts";
import { findSentRow } from "./find-sent-row.ts";
import type { SentBlob, SentView } from "./sent-view.ts";
import { fromSentAddress, isSentBlob, toSentAddress } from "./sent-view.ts";

/** What the link said that led here. */
export interface ArrivedView {
  /** Absent once it was dismissed, and for a query that the link did not name. */
  readonly sent: SentView | undefined;
  /** The row that it was about; `lost`: it is not near its place any more. Absent until it is known. */
  readonly found: FoundRow | "lost" | undefined;
  readonly dismiss: () => void;
}

const sentParams = {
  at: parseAsString,
  row: parseAsString,
  sel: parseAsString,
  asof: parseAsString,
  since: parseAsString,
};

/** Reads what a link says, once, and finds the row that it names. */
export function useSentView(query: BlobQuery, view: BlobsView): ArrivedView {
  const [params] = useQueryStates(sentParams);
  const [arrived, setArrived] = useState(() => ({ query, sent: fromSentAddress(params) }));
  const [found, setFound] = useState<FoundRow | "lost">();
  const isSame = arrived.query === query;
  const { at } = arrived.sent;
  const isAnswered = view.query === query && view.isComplete;

  useEffect(() => {
    if (!isSame || !isAnswered || at === undefined || found !== undefined) return;
    const end = new AbortController();
    findSentRow(query, at, end.signal).then(
      (row) => setFound(row ?? "lost"),
      () => end.signal.aborted || setFound("lost"),
    );
    return () => end.abort();
  }, [isSame, isAnswered, query, at, found]);

  useSentSelection(isSame && isAnswered ? arrived.sent.selected : undefined, query);

  const dismiss = useCallback(() => {
    window.history.replaceState(window.history.state, "", toSentAddress(window.location.href, {}));
    setArrived((before) => ({ ...before, sent: {} }));
    setFound(undefined);
  }, []);
  return { sent: isSame ? arrived.sent : undefined, found: isSame ? found : undefined, dismiss };
}

/** Selects what the link's sender had selected, once. */
function useSentSelection(selected: SentView["selected"], query: BlobQuery): void {
  const taken = useRef(false);
  useEffect(() => {
    if (selected === undefined || taken.current) return;
    taken.current = true;
    if (selected === "all") chosenBlobs.set({ kind: "all", query, except: new Map() });
    else void findBlobs(selected).then((blobs) => chosenBlobs.set(only(blobs.map((blob) => [blobKey(blob), blob]))));
  }, [selected, query]);
}

/** The blobs that a link names which are there. */
async function findBlobs(sent: readonly SentBlob[]): Promise<readonly Blob[]> {
  const namespaces = [...new Set(sent.map(({ namespace }) => namespace))];
  const regexp = `^(?:${sent.map(({ start }) => start).join("|")})`;
  const page = await getBlobPage(serverTransport(), { selection: { namespaces, regexp }, orderBy: "", size: 1000 });
  return page?.blobs.filter((blob) => sent.some((each) => isSentBlob(each, blob))) ?? [];
}
