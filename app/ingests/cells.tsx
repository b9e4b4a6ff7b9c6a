import { X } from "lucide-react";
import { memo, useMemo } from "react";
import type { Sample } from "../../content/eta.ts";
import { serverNow } from "../_live/clock.ts";
import { useServerNow } from "../_live/hooks.ts";
import { Button } from "../_ui/button.tsx";
import { formatMoment, formatShortDuration } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import { Age } from "../_ui/time.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import { Holder } from "./holder.tsx";
import styles from "./ingests.module.css";
import { RefText } from "./ref-text.tsx";
import { ratesOf, sparkPath } from "./spark.ts";
import { StateSign } from "./state-sign.tsx";

// What does not change while a row's numbers do is not drawn with them.
/** As RefText. */
export const Ref = memo(RefText);
/** As StateSign. */
export const State = memo(StateSign);
/** As Holder. */
export const HolderOf = memo(Holder);

/** How old, of a moment in milliseconds since 1970. */
export const AgeOf = memo(({ atMs }: { readonly atMs: number }) => <Age at={useMemo(() => new Date(atMs), [atMs])} />);

/** The bars of a row's last minute, which step once a second. */
export const Spark = memo(({ samples }: { readonly samples: readonly Sample[] }) => (
  <svg className={styles.spark} viewBox="0 0 35 12" aria-hidden="true">
    <path d={sparkPath(ratesOf(samples, useServerNow(1000)))} />
  </svg>
));

/** For how long a ref is held, of a moment in milliseconds since 1970. */
export const HeldFor = memo(({ sinceMs }: { readonly sinceMs: number }) => {
  const nowMs = useServerNow(serverNow() - sinceMs < 60_000 ? 1000 : 15_000);
  const tip = useMemo(() => `Held since ${formatMoment(new Date(sinceMs))}`, [sinceMs]);
  return <span data-tip={tip}>{formatShortDuration(Math.max(0, nowMs - sinceMs))}</span>;
});

/** Why the last commit of an ingest was refused. */
export function LastError({ text }: { readonly text: string }) {
  return (
    <span className="warn" data-tip={`The last commit was refused: ${visibleText(text)}`}>
      {visibleText(text.replace(ownRef, ""))}
    </span>
  );
}

/** A refusal begins with the ref that its row has already. */
const ownRef = /^"(?:[^"\\]|\\.)*"\s+/;

interface AbortButtonProps {
  readonly reference: string;
  readonly onClick: (element: HTMLElement) => void;
}

/** What ends an ingest; it asks first. */
export function AbortButton({ reference, onClick }: AbortButtonProps) {
  return (
    <Button
      isSmall
      tabIndex={-1}
      shortcut="a"
      needs="change"
      className={styles.abort}
      aria-label={`Abort ${reference}…`}
      onClick={(event) => onClick(event.currentTarget)}
    >
      {abortLook}
    </Button>
  );
}

const abortLook = (
  <>
    <Icon of={X} className={styles.abortIcon} />
    <span className={styles.abortWord}>Abort…</span>
  </>
);
