"use client";
import { Suspense, useMemo } from "react";
import { isKind } from "../../content/errors.ts";
import type { IngestRow } from "../_live/ingests.ts";
import { contentOf } from "../_live/live.ts";
import { shortHex } from "../_ui/digest-text.tsx";
import { formatBytes } from "../_ui/format.ts";
import { Confirm } from "../_ui/popups/index.ts";
import { visibleText } from "../_ui/visible-text.ts";
import { partsOfRef } from "./ref.ts";

/** An ingest that somebody wants to end, and where they said so. */
export interface Doomed {
  readonly row: IngestRow;
  readonly element: HTMLElement;
}

interface ConfirmAbortProps {
  readonly doomed: Doomed;
  readonly onClose: () => void;
  /** True: the server is asked, and only the stream says that it happened. False: it refused. */
  readonly onAborting: (key: string, isAborting: boolean) => void;
}

/** Asks before an ingest is dropped, and drops it. One that ended meanwhile is no error. */
export function ConfirmAbort({ doomed: { row, element }, onClose, onAborting }: ConfirmAbortProps) {
  const anchor = useMemo(() => ({ current: element }), [element]);
  const { namespace, status } = row.row;
  return (
    <Suspense fallback={null}>
      <Confirm
        anchor={anchor}
        title={
          <>
            Abort <code>{shortRef(status.ref)}</code>?
          </>
        }
        act="Abort"
        onClose={onClose}
        onConfirm={async () => {
          onAborting(row.key, true);
          try {
            await contentOf(namespace).abort(status.ref);
          } catch (error) {
            if (isKind(error, "not-found")) return;
            onAborting(row.key, false);
            throw error;
          }
        }}
      >
        Discards {formatBytes(status.offset)}. <Consequence row={row} />
      </Confirm>
    </Suspense>
  );
}

/** What an abort does to who writes. */
function Consequence({ row: { row } }: { readonly row: IngestRow }) {
  if (row.state === "resumable") return "Nobody writes to it now; who comes back begins anew.";
  if (row.state === "unknown") return "The server does not say whether a writer holds it.";
  const holder = row.holder === "" ? "not known" : row.holder.replaceAll(" · ", ", ");
  return (
    <>
      Its writer ({visibleText(holder)}) gets <b>aborted</b> and will probably retry.
    </>
  );
}

function shortRef(ref: string): string {
  const { prefix, digest } = partsOfRef(ref);
  return visibleText(digest === undefined ? ref : `${prefix}${shortHex(digest)}`);
}
