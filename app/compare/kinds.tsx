import { BadgeCheck, Binary, FileJson, Layers, Package, SlidersHorizontal } from "lucide-react";
import type { ComparedKind, KindAmount } from "../../content/compare/report.ts";
import type { ComparedPart } from "../../content/compare.ts";
import { formatBytes, formatCount } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import { join } from "../_ui/join.ts";
import styles from "./compare.module.css";

/** Every kind, as they are named for people, in the order in which an image leads to them. */
export const shownKinds: readonly ComparedKind[] = ["index", "manifest", "config", "layer", "attestation", "unknown"];

const drawings: Readonly<Record<ComparedKind, typeof Layers>> = {
  index: Layers,
  manifest: FileJson,
  config: SlidersHorizontal,
  layer: Package,
  attestation: BadgeCheck,
  unknown: Binary,
};

/** What a blob is. */
export function KindSign({ kind }: { readonly kind: ComparedKind }) {
  const tip = kind === "unknown" ? "No image and no document that is there says what it is" : undefined;
  return (
    <span className={styles.kindCell} data-kind={kind} data-tip={tip}>
      <Icon of={drawings[kind]} />
      {kind}
    </span>
  );
}

interface KindFilterProps {
  readonly kinds: readonly KindAmount[];
  readonly part: ComparedPart;
  /** Absent: every kind is shown. */
  readonly shown: ComparedKind | undefined;
  readonly onShow: (kind: ComparedKind | undefined) => void;
}

/** What a part has of each kind; each shows only that. Nothing where all is of one kind. */
export function KindFilter({ kinds, part, shown, onShow }: KindFilterProps) {
  const amounts = shownKinds.flatMap((kind) => kinds.find((each) => each.part === part && each.kind === kind) ?? []);
  if (amounts.length < 2 && shown === undefined) return null;
  return (
    <div className={styles.filter} role="group" aria-label="Kind">
      {amounts.map(({ kind, blobs, bytes }) => (
        <button
          key={kind}
          type="button"
          className={join(styles.kindChoice, kind === shown && styles.chosen)}
          aria-pressed={kind === shown}
          aria-label={`${kind}: ${formatCount(blobs)}, ${formatBytes(bytes)}`}
          data-tip={formatBytes(bytes)}
          onClick={() => onShow(kind === shown ? undefined : kind)}
        >
          <KindSign kind={kind} />
          <span className={styles.kindCount}>{formatCount(blobs)}</span>
        </button>
      ))}
    </div>
  );
}
