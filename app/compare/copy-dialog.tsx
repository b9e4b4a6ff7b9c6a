"use client";
import { useState } from "react";
import type { ComparedSide, CompareReport } from "../../content/compare/report.ts";
import type { BlobAmount } from "../../content/compare.ts";
import type { Digest } from "../../content/digest.ts";
import { AskDialog, NameField } from "../_catalog/ask-dialog.tsx";
import { useStore } from "../_live/hooks.ts";
import { formatBytes, formatCounted } from "../_ui/format.ts";
import { visibleText } from "../_ui/visible-text.ts";
import styles from "./compare.module.css";
import { compareAgain } from "./comparison.ts";
import { copyStore, isCopying, startCopy } from "./copies.ts";
import type { SideName } from "./sides.ts";

/** What is to be copied. */
export interface CopyAsked {
  readonly to: SideName;
  readonly amount: BlobAmount;
  /** Only this one; absent: all that is missing. */
  readonly digest?: Digest;
}

interface CopyDialogProps {
  readonly asked: CopyAsked;
  readonly report: CompareReport;
  readonly target: ComparedSide;
  readonly onClose: () => void;
}

/** Asks whether what one side lacks is to be copied there, and says what that means. */
export function CopyDialog({ asked: { to, amount, digest }, report, target, onClose }: CopyDialogProps) {
  const names = report.namespaces[to];
  const [namespace, setNamespace] = useState(names[0] ?? report.namespaces[to === "a" ? "b" : "a"][0] ?? "");
  const [withImages, setWithImages] = useState(false);
  const isBusy = isCopying(useStore(copyStore));
  const images = to === "b" ? report.images?.onlyA : report.images?.onlyB;
  const place = `${target.store}/${namespace}`;
  return (
    <AskDialog
      title={`Copy missing to ${to.toUpperCase()}`}
      act={`Copy ${formatCounted(amount.blobs, "blob")}`}
      isReady={namespace !== "" && !isBusy}
      onClose={onClose}
      onAct={async () => {
        const request = { report: report.id, to, namespace, withImages, ...(digest && { digests: [digest] }) };
        startCopy(request, place, compareAgain);
      }}
    >
      <p>
        <b>{formatCounted(amount.blobs, "blob")}</b>, <b>{formatBytes(amount.bytes)}</b>, are written to{" "}
        <code>{visibleText(place)}</code>, each checked against its digest, and a manifest after what it names. What is
        there stays as it is.
      </p>
      {names.length !== 1 && (
        <NameField
          label="Namespace"
          value={namespace}
          fault={namespace === "" ? "" : undefined}
          hint={`Of ${visibleText(target.store)}; one that is not there is made`}
          onChange={setNamespace}
        />
      )}
      {images !== undefined && images > 0 && (
        <label className={styles.option}>
          <input type="checkbox" checked={withImages} onChange={() => setWithImages(!withImages)} />
          Names of images too: {formatCounted(images, "name")} that {to.toUpperCase()} does not have
        </label>
      )}
      <p>
        Where the namespace is collected, a lease holds what comes for a day; after that it stays if an image, a lease
        or a label leads to it.
      </p>
      <p>The server makes the copy: it goes on when this page is left.</p>
      {isBusy && <p>Another copy goes on; one at a time.</p>}
    </AskDialog>
  );
}
