"use client";
import { Suspense, useMemo } from "react";
import type { Blob } from "../../content/remote/events.ts";
import { blobKey } from "../_live/keys.ts";
import { contentOf } from "../_live/live.ts";
import { shortHex } from "../_ui/digest-text.tsx";
import { formatBytes } from "../_ui/format.ts";
import { without } from "../_ui/list/chosen.ts";
import { Confirm } from "../_ui/popups/index.ts";
import { chosenBlobs } from "./chosen-blobs.ts";

/** A blob that somebody wants to delete, and where they said so. */
export interface Doomed {
  readonly blob: Blob;
  readonly element: HTMLElement;
}

interface ConfirmDeleteProps {
  readonly doomed: Doomed;
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
}

/** Asks before a blob is deleted from one namespace, and deletes it. */
export function ConfirmDelete({ doomed: { blob, element }, onClose, onDeleted }: ConfirmDeleteProps) {
  const anchor = useMemo(() => ({ current: element }), [element]);
  const { namespace, info } = blob;
  return (
    <Suspense fallback={null}>
      <Confirm
        anchor={anchor}
        title={
          <>
            Delete <code>{shortHex(info.digest)}</code>?
          </>
        }
        act="Delete"
        onClose={onClose}
        onConfirm={async () => {
          await contentOf(namespace).delete(info.digest);
          // What was deleted by itself is no longer chosen.
          chosenBlobs.set(without(chosenBlobs.get(), blobKey(blob)));
          onDeleted?.();
        }}
      >
        Removes {formatBytes(info.size)} from namespace <b>{namespace}</b>. References are not checked: what points to
        this blob will miss it.
      </Confirm>
    </Suspense>
  );
}
