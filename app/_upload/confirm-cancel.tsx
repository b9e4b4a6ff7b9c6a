"use client";
import { Suspense } from "react";
import { formatBytes } from "../_ui/format.ts";
import type { PopupProps } from "../_ui/popups/anchor.ts";
import { Confirm } from "../_ui/popups/index.ts";
import { visibleText } from "../_ui/visible-text.ts";
import type { Upload } from "./upload.ts";

/** True where a cancel drops bytes that the server has. */
export function mayDiscard({ offset, stage }: Upload): boolean {
  return offset > 0 && stage.kind !== "done";
}

interface ConfirmCancelProps extends PopupProps {
  readonly upload: Upload;
  readonly onConfirm: () => Promise<void>;
}

/** Asks before the bytes of an upload are dropped. */
export function ConfirmCancel({ upload: { name, namespace, offset, stage }, ...popup }: ConfirmCancelProps) {
  return (
    <Suspense fallback={null}>
      <Confirm
        {...popup}
        title={
          <>
            Cancel the upload of <code>{visibleText(name)}</code>?
          </>
        }
        act={`Discard ${formatBytes(offset)}`}
      >
        {stage.kind === "locked"
          ? "Another writer is at the same bytes; those stay. "
          : `Aborts its ingest in namespace ${namespace} and discards ${formatBytes(offset)} that the server has. `}
        The file on this machine stays as it is.
      </Confirm>
    </Suspense>
  );
}
