"use client";
import type { ComparedPart, CompareTotals } from "../../content/compare.ts";
import { formatBytes, formatCount, unknown } from "../_ui/format.ts";
import { join } from "../_ui/join.ts";
import styles from "./compare.module.css";
import type { ComparisonView } from "./comparison.ts";
import type { ShownPart } from "./use-sides.ts";

const names: Readonly<Record<ComparedPart, string>> = { "only-a": "Only in A", both: "In both", "only-b": "Only in B" };

interface FiguresProps {
  readonly view: ComparisonView;
  readonly part: ShownPart;
  readonly onShow: (part: ShownPart) => void;
}

/** The answer in four figures. Each shows what it counts. */
export function Figures({ view: { totals, report }, part, onShow }: FiguresProps) {
  const isCounting = report === undefined;
  const images = report?.images;
  return (
    <div className={styles.figures} role="group" aria-label="What A and B have" aria-busy={isCounting}>
      {(["only-a", "both", "only-b"] as const).map((each) => (
        <Figure
          key={each}
          name={names[each]}
          {...wordsOf(totals, each, isCounting)}
          isShown={part === each}
          onShow={() => onShow(each)}
        />
      ))}
      <Figure
        name="Same name, other digest"
        count={images ? formatCount(images.otherDigests) : unknown}
        note={isCounting ? "counted last" : images ? "images" : "a side does not tell its images"}
        isShown={part === "other-digest"}
        onShow={() => onShow("other-digest")}
      />
    </div>
  );
}

function wordsOf(totals: CompareTotals | undefined, part: ComparedPart, isCounting: boolean) {
  if (totals === undefined) return { count: unknown, note: "counting" };
  const { blobs, bytes } = totals[part];
  const least = isCounting ? "≥ " : "";
  return { count: `${least}${formatCount(blobs)}`, note: `${least}${formatBytes(bytes)}` };
}

interface FigureProps {
  readonly name: string;
  readonly count: string;
  readonly note: string;
  readonly isShown: boolean;
  readonly onShow: () => void;
}

function Figure({ name, count, note, isShown, onShow }: FigureProps) {
  return (
    <button
      type="button"
      className={join(styles.figure, isShown && styles.shown)}
      aria-pressed={isShown}
      aria-label={`${name}: ${count}, ${note}`}
      onClick={onShow}
    >
      <span className={styles.name}>{name}</span>
      <span className={styles.count}>{count}</span>
      <span className={styles.note}>{note}</span>
    </button>
  );
}
