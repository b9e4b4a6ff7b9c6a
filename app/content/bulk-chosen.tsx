"use client";
import { Suspense, useEffect, useState } from "react";
import { isKind } from "../../content/errors.ts";
import type { Blob } from "../../content/remote/events.ts";
import { blobKey } from "../_live/keys.ts";
import { contentOf } from "../_live/live.ts";
import { shortHex } from "../_ui/digest-text.tsx";
import { errorText } from "../_ui/error-text.ts";
import { formatBytes, formatCounted } from "../_ui/format.ts";
import { BulkDialog } from "../_ui/list/bulk-dialog.tsx";
import { type ChosenTotals, needsTyping } from "../_ui/list/chosen.ts";
import { Dialog } from "../_ui/popups/index.ts";
import type { ChosenBlobs } from "./chosen.ts";
import { bytesOfBlobs } from "./chosen-blobs.ts";
import { collectChosen } from "./collect.ts";
import styles from "./content.module.css";

interface BulkChosenProps {
  readonly act: "delete" | "label";
  readonly chosen: ChosenBlobs;
  readonly totals: ChosenTotals;
  /** @param failed those that are left to be tried again; absent: nothing was done */
  readonly onClose: (failed?: readonly Blob[]) => void;
}

/** Collects what is chosen, so that what is asked about is what is done, and does it. */
export function BulkChosen({ act, chosen, totals, onClose }: BulkChosenProps) {
  const [blobs, setBlobs] = useState<readonly Blob[]>();
  const [count, setCount] = useState(0);
  const [error, setError] = useState<unknown>();
  // What is chosen when it is asked is what it is about; the list behind it goes on.
  const [asked] = useState(chosen);
  useEffect(() => {
    const end = new AbortController();
    collectChosen(asked, end.signal, setCount).then(
      (all) => end.signal.aborted || setBlobs(all),
      (reason: unknown) => end.signal.aborted || setError(reason),
    );
    return () => end.abort();
  }, [asked]);
  if (blobs !== undefined) {
    const props = { blobs, onClose };
    return act === "delete" ? <BulkDelete {...props} /> : <BulkLabel {...props} />;
  }
  return (
    <Suspense fallback={null}>
      <Dialog title={act === "delete" ? "Delete" : "Labels"} onClose={() => onClose()}>
        <p className={styles.collecting} role="status">
          {error === undefined
            ? `Counting what is selected: ${formatCounted(count, "blob")} of ${formatCounted(totals.count, "blob")}`
            : errorText(error)}
        </p>
      </Dialog>
    </Suspense>
  );
}

interface BulkActProps {
  readonly blobs: readonly Blob[];
  readonly onClose: BulkChosenProps["onClose"];
}

function BulkDelete({ blobs, onClose }: BulkActProps) {
  const bytes = bytesOfBlobs(blobs);
  const names = [...new Set(blobs.map(({ namespace }) => namespace))].sort();
  return (
    <BulkDialog
      {...shared}
      title={`Delete ${formatCounted(blobs.length, "blob")}?`}
      act="Delete"
      done="deleted"
      already="were gone already"
      items={blobs}
      isDanger
      isTyped={needsTyping({ count: blobs.length, bytes })}
      run={async ({ namespace, info }) => {
        try {
          await contentOf(namespace).delete(info.digest);
          return "done";
        } catch (error) {
          if (isKind(error, "not-found")) return "already";
          throw error;
        }
      }}
      onClose={onClose}
    >
      <p>
        Removes <b>{formatCounted(blobs.length, "blob")}</b> of <b>{formatBytes(bytes)}</b> from{" "}
        {names.length === 1 ? "namespace" : "namespaces"} <b>{names.join(", ")}</b>. References are not checked: what
        points to these blobs will miss them. What came after this was counted is not in it.
      </p>
    </BulkDialog>
  );
}

function BulkLabel({ blobs, onClose }: BulkActProps) {
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const bytes = bytesOfBlobs(blobs);
  return (
    <BulkDialog
      {...shared}
      title={`Label ${formatCounted(blobs.length, "blob")}`}
      act={key !== "" && value === "" ? "Take label from" : "Label"}
      done={value === "" ? "without it" : "labelled"}
      already="were gone"
      items={blobs}
      isReady={key !== ""}
      isTyped={needsTyping({ count: blobs.length, bytes })}
      run={async ({ namespace, info }) => {
        const update = { digest: info.digest, labels: { [key]: value } };
        await contentOf(namespace).update(update, [`labels.${key}`]);
        return "done";
      }}
      onClose={onClose}
    >
      <p>
        Sets one label of <b>{formatCounted(blobs.length, "blob")}</b> of <b>{formatBytes(bytes)}</b>; their other
        labels stay. An empty value takes it away.
      </p>
      <div className={styles.labelFields}>
        <label>
          Key
          <input value={key} spellCheck={false} autoComplete="off" onChange={({ target }) => setKey(target.value)} />
        </label>
        <label>
          Value
          <input
            value={value}
            spellCheck={false}
            autoComplete="off"
            onChange={({ target }) => setValue(target.value)}
          />
        </label>
      </div>
    </BulkDialog>
  );
}

const shared = {
  noun: "blob",
  keyOf: blobKey,
  nameOf: ({ namespace, info }: Blob) => (
    <>
      <code>{shortHex(info.digest)}</code> in {namespace}
    </>
  ),
} as const;
