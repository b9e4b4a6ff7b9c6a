import Link from "next/link";
import type { CSSProperties } from "react";
import { storeHref } from "../_live/here.ts";
import { Bytes } from "../_ui/bytes.tsx";
import { DigestText } from "../_ui/digest-text.tsx";
import { formatBytes, formatExactBytes, formatPart, formatShare } from "../_ui/format.ts";
import { join } from "../_ui/join.ts";
import { Age } from "../_ui/time.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import styles from "./panel.module.css";
import { PickAgain } from "./pick-again.tsx";
import type { Upload } from "./upload.ts";

/** What there is to say of an upload: how far it is, why it waits or failed, or where it is. */
export function Said({ upload }: { readonly upload: Upload }) {
  const { name, size, hashed, offset, digest, store, namespace, stage } = upload;
  switch (stage.kind) {
    case "queued":
      return <Bytes of={size} />;
    case "hashing":
      return <Track name={name} part={hashed} whole={size} isQuiet />;
    case "sending":
      return <Track name={name} part={offset} whole={size} />;
    case "paused":
      return <Track name={name} part={digest === undefined ? hashed : offset} whole={size} isQuiet />;
    case "locked":
      return (
        <span>
          {stage.holder === "" ? "Another writer" : visibleText(stage.holder)} has had its ref for{" "}
          <Age at={stage.since} />
          <span className="muted">; this one waits</span>
        </span>
      );
    case "failed":
      return (
        <span className={styles.words}>
          <span role="alert">{visibleText(stage.failure.text)}.</span>
          {stage.failure.remedy === "pick" && <PickAgain upload={upload} />}
          {stage.failure.remedy === "server" && <span className="muted">Goes on once it is back.</span>}
          {offset > 0 && <span className="muted">The server keeps {formatBytes(offset)} of it.</span>}
        </span>
      );
    case "unfinished":
      return (
        <span className={styles.words}>
          {stage.fault !== undefined && <span role="alert">{stage.fault}.</span>}
          <PickAgain upload={upload} />
          <span className="muted">
            {offset > 0
              ? `to go on from ${formatPart(offset, size)[0]} of ${formatBytes(size)}`
              : `to send its ${formatBytes(size)}`}
          </span>
        </span>
      );
    case "done":
      return (
        <span className={styles.words}>
          {digest && (
            <Link
              className={styles.blob}
              href={storeHref(`/blob?ns=${encodeURIComponent(namespace)}&d=${digest}`, store)}
              prefetch={false}
            >
              <DigestText digest={digest} />
            </Link>
          )}
          <span className="muted">
            {formatBytes(size)}
            {stage.outcome === "here" && ", nothing sent"}
          </span>
        </span>
      );
  }
}

interface TrackProps {
  readonly name: string;
  readonly part: number;
  readonly whole: number;
  /** Nothing is on its way. */
  readonly isQuiet?: boolean;
}

function Track({ name, part, whole, isQuiet = false }: TrackProps) {
  const share = whole === 0 ? 0 : Math.min(1, part / whole);
  const [parts, all] = formatPart(part, whole);
  return (
    <span className={styles.progress} data-tip={`${formatExactBytes(part)} of ${formatExactBytes(whole)}`}>
      <span
        role="progressbar"
        aria-label={name}
        aria-valuenow={Math.floor(share * 10) * 10}
        className={join(styles.track, isQuiet && styles.quiet)}
        style={{ "--share": share } as CSSProperties}
      >
        <i />
      </span>
      <span className={styles.amount}>
        {parts} <span className="faint">/</span> {all}
      </span>
      <span className={styles.share}>{formatShare(share)}</span>
    </span>
  );
}
