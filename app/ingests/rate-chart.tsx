import type { Sample } from "../../content/eta.ts";
import { serverNow } from "../_live/clock.ts";
import { formatRate } from "../_ui/format.ts";
import styles from "./ingest-peek.module.css";
import type { RateShape } from "./spark.ts";
import { ratesOf } from "./spark.ts";

/** The minute that is held, in bars of 2 s. */
const shape: RateShape = { bars: 30, barMs: 2_000 };

/** Pixels of the chart. */
const height = 64;
const [barWidth, barStep] = [8, 12];

/** Bytes that came in the minute that the page holds. What was before it looked is not drawn. */
export function RateChart({ samples }: { readonly samples: readonly Sample[] }) {
  const rates = ratesOf(samples, serverNow(), shape).map((bytes) =>
    bytes === undefined ? undefined : (bytes / shape.barMs) * 1000,
  );
  const most = Math.max(0, ...rates.map((rate) => rate ?? 0));
  const mean = meanOf(rates);
  return (
    <figure className={styles.chart}>
      <figcaption>
        <span>Last minute</span>
        <span className="faint">{most > 0 ? `most ${formatRate(most)}` : "no byte came"}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${shape.bars * barStep} ${height}`}
        role="img"
        aria-label={`Rate of the last minute: mean ${formatRate(mean)}, most ${formatRate(most)}`}
        preserveAspectRatio="none"
      >
        <path d={barsOf(rates, most)} />
      </svg>
      <div className={styles.axis} aria-hidden="true">
        <span>60 s ago</span>
        <span>now</span>
      </div>
    </figure>
  );
}

function meanOf(rates: readonly (number | undefined)[]): number {
  const known = rates.filter((rate) => rate !== undefined);
  return known.reduce((sum, rate) => sum + rate, 0) / Math.max(1, known.length);
}

function barsOf(rates: readonly (number | undefined)[], most: number): string {
  return rates
    .map((rate, bar) => {
      if (rate === undefined) return "";
      const tall = most === 0 ? 1 : Math.max(1, (rate / most) * height);
      return `M${bar * barStep} ${height - tall}h${barWidth}v${tall}h-${barWidth}z`;
    })
    .join("");
}
