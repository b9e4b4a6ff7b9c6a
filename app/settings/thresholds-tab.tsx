"use client";
import { useId, useState } from "react";
import { ingestThresholds } from "../../content/ingest-state.ts";
import { useStore } from "../_live/hooks.ts";
import type { OwnThresholds } from "../_settings/thresholds.ts";
import { isThreshold, thresholdLimits, thresholdsSetting } from "../_settings/thresholds.ts";
import { formatDuration, formatRate } from "../_ui/format.ts";
import { Reset } from "./choice.tsx";
import styles from "./settings.module.css";

interface Threshold {
  readonly name: keyof OwnThresholds;
  readonly label: string;
  readonly unit: string;
  /** What one of that unit is. */
  readonly factor: number;
  readonly format: (value: number) => string;
  readonly hint: string;
}

const thresholds: readonly Threshold[] = [
  {
    name: "waitingMs",
    label: "Waiting after",
    unit: "seconds",
    factor: 1000,
    format: formatDuration,
    hint: "A writer holds it, and no byte came for so long.",
  },
  {
    name: "crawlingBytesPerSecond",
    label: "Crawling below",
    unit: "KiB/s",
    factor: 1024,
    format: formatRate,
    hint: "Fewer bytes came, on the average of a minute.",
  },
  {
    name: "crawlingEtaMs",
    label: "Crawling beyond",
    unit: "minutes",
    factor: 60_000,
    format: formatDuration,
    hint: "The rest would take longer.",
  },
  {
    name: "emptyMs",
    label: "Empty after",
    unit: "seconds",
    factor: 1000,
    format: formatDuration,
    hint: "Not one byte came for so long; it can block the next pull of the same content.",
  },
];

/** When an ingest is called what, on this browser's pages. */
export function ThresholdsTab() {
  return (
    <div className={styles.part}>
      <p>
        From when on the Ingests page, and the mark beside it in the navigation, call an ingest so. <b>Stalled</b> is
        the server’s word: a writer holds it, and no byte came for {formatDuration(ingestThresholds.stalledMs)}.
      </p>
      {thresholds.map((threshold) => (
        <ThresholdField key={threshold.name} threshold={threshold} />
      ))}
      <Reset settings={[thresholdsSetting]}>Reset thresholds</Reset>
    </div>
  );
}

function ThresholdField({ threshold }: { readonly threshold: Threshold }) {
  const { name, label, unit, factor, format, hint } = threshold;
  const id = useId();
  const held = useStore(thresholdsSetting);
  const [typed, setTyped] = useState<string>();
  const [least, most] = thresholdLimits[name];
  const isGood = typed === undefined || isThreshold(name, inUnit(typed, factor));

  function onChange(text: string): void {
    const value = inUnit(text, factor);
    setTyped(text);
    if (isThreshold(name, value)) thresholdsSetting.set({ ...thresholdsSetting.get(), [name]: value });
  }

  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <div>
        <span className={styles.value}>
          <input
            id={id}
            className={`${styles.input} ${styles.number}`}
            inputMode="decimal"
            autoComplete="off"
            value={typed ?? String(held[name] / factor)}
            aria-invalid={!isGood}
            aria-describedby={`${id}-words`}
            onChange={({ target }) => onChange(target.value)}
            onBlur={() => setTyped(undefined)}
          />
          {unit}
        </span>
        <p id={`${id}-words`} className={isGood ? styles.hint : "danger"} role={isGood ? undefined : "alert"}>
          {isGood ? hint : `Between ${format(least)} and ${format(most)}`}
        </p>
      </div>
    </div>
  );
}

/** A number that was typed, in the unit that is kept. */
function inUnit(text: string, factor: number): number {
  return text.trim() === "" ? Number.NaN : Math.round(Number(text.replace(",", ".")) * factor);
}
