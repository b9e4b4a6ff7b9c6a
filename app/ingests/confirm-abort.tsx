"use client";
import { Suspense, useMemo } from "react";
import type { IngestRow } from "../_live/ingests.ts";
import { shortHex } from "../_ui/digest-text.tsx";
import { Confirm } from "../_ui/popups/index.ts";
import { visibleText } from "../_ui/visible-text.ts";
import { abortIngest } from "./abort.ts";
import { Consequences } from "./consequences.tsx";
import { LookedAgain, useStaleSince } from "./freshness.tsx";
import { partsOfRef } from "./ref.ts";

/** An ingest that somebody wants to end, and where they said so. */
export interface Doomed {
  readonly row: IngestRow;
  readonly element: HTMLElement;
}

interface ConfirmAbortProps {
  readonly doomed: Doomed;
  readonly onClose: () => void;
}

/** Asks before an ingest is dropped, and drops it. One that ended meanwhile is no error. */
export function ConfirmAbort({ doomed: { row, element }, onClose }: ConfirmAbortProps) {
  const anchor = useMemo(() => ({ current: element }), [element]);
  const since = useStaleSince();
  return (
    <Suspense fallback={null}>
      <Confirm
        anchor={anchor}
        title={
          <>
            Abort <code>{shortRef(row.row.status.ref)}</code>?
          </>
        }
        act="Abort"
        onClose={onClose}
        onConfirm={async () => {
          await abortIngest(row.row, { isSame: since !== undefined, isStill: false });
        }}
      >
        <Consequences ingests={[row.row]} />
        <LookedAgain since={since} />
      </Confirm>
    </Suspense>
  );
}

function shortRef(ref: string): string {
  const { prefix, digest } = partsOfRef(ref);
  return visibleText(digest === undefined ? ref : `${prefix}${shortHex(digest)}`);
}
