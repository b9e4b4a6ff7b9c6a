import type { CSSProperties } from "react";
import type { IngestState } from "../../content/ingest-state.ts";
import { isTrouble } from "../../content/ingest-state.ts";
import type { Status } from "../../content/store.ts";
import { formatBytes, formatExactBytes, formatPart, formatShare } from "../_ui/format.ts";
import { join } from "../_ui/join.ts";
import styles from "./ingests.module.css";

interface ProgressProps {
  readonly status: Status;
  readonly state: IngestState;
}

/** How far an ingest is; striped where its writer did not say how much will come. */
export function Progress({ status: { ref, offset, total }, state }: ProgressProps) {
  const tip = total > 0 ? `${formatExactBytes(offset)} of ${formatExactBytes(total)}` : formatExactBytes(offset);
  if (total === 0) {
    return (
      <span className={styles.progress} data-tip={tip}>
        <span
          role="progressbar"
          aria-label={ref}
          aria-valuetext={`${formatBytes(offset)}, of unknown`}
          className={join(styles.track, styles.unknown)}
        >
          <i />
        </span>
        <span className={styles.amountUnknown}>
          {formatBytes(offset)} <span className="faint">of unknown</span>
        </span>
      </span>
    );
  }
  const share = Math.min(1, offset / total);
  const [part, whole] = formatPart(offset, total);
  return (
    <span className={styles.progress} data-tip={tip}>
      {/* Another ingest's bar does not move to where this one is. */}
      <span
        key={ref}
        role="progressbar"
        aria-label={ref}
        aria-valuenow={Math.floor(share * 10) * 10}
        className={join(styles.track, toneOf(state))}
        style={shareStyle(share)}
      >
        <i />
      </span>
      <span className={styles.amount}>
        {part} <span className="faint">/</span> {whole}
      </span>
      <span className={styles.share}>{formatShare(share)}</span>
    </span>
  );
}

function toneOf(state: IngestState): string | undefined {
  if (isTrouble(state)) return styles.trackWarn;
  return state === "active" ? undefined : styles.trackQuiet;
}

/** Parts of a bar that are told apart: more than it has pixels, so that one that moves by less does not move at all. */
const barParts = 1_000;

function shareStyle(share: number): CSSProperties & Record<"--share", number> {
  return { "--share": Math.floor(share * barParts) / barParts };
}
