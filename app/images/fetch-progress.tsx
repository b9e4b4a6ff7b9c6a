"use client";
import { TriangleAlert, X } from "lucide-react";
import { Button } from "../_ui/button.tsx";
import { formatBytes, formatCount } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import type { FetchView } from "./fetches.ts";
import { cancelFetch, forgetFetch } from "./fetches.ts";
import styles from "./images.module.css";

/** How far the fetch of what an image lacks is, or why it ended. */
export function FetchProgress({ view: { host, progress, problem } }: { readonly view: FetchView }) {
  if (problem !== undefined) {
    return (
      <div className={styles.problem} role="alert">
        <Icon of={TriangleAlert} className="warn" />
        <span>{problem}</span>
        <Button isSmall look="ghost" icon={X} onClick={forgetFetch}>
          Dismiss
        </Button>
      </div>
    );
  }
  const { blobsDone = 0, blobs = 0, bytesDone = 0, bytes = 0 } = progress ?? {};
  return (
    <div className={styles.fetch}>
      <progress aria-label="Fetched" value={bytesDone} max={Math.max(1, bytes)} />
      <span className="muted">
        {progress === undefined
          ? `Asking ${visibleText(host)}`
          : `${formatCount(blobsDone)} of ${formatCount(blobs)} · ${formatBytes(bytesDone)} of ${formatBytes(bytes)}`}
      </span>
      <Button isSmall icon={X} onClick={cancelFetch}>
        Cancel
      </Button>
    </div>
  );
}
