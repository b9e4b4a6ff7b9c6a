"use client";
import { ShieldAlert } from "lucide-react";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import type { Digest } from "../../content/digest.ts";
import { isKind } from "../../content/errors.ts";
import { formatBytes } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import { patiently } from "../_ui/popups/patiently.ts";
import { ErrorState, State } from "../_ui/states.tsx";
import { decodeText } from "../_ui/visible-text.ts";
import styles from "./raw.module.css";
import { headBytes, useHeadBytes } from "./use-head-bytes.ts";

/** The lines come with the bytes: what draws only those in sight outweighs the rest of the page. */
const loadLines = patiently(async () => ({ default: (await import("./raw-lines.tsx")).RawLines }));
const RawLines = lazy(loadLines);

interface RawProps {
  readonly namespace: string;
  readonly digest: Digest;
  /** Bytes of the whole blob. */
  readonly size: number;
}

type View = "text" | "hex";

/** The first bytes of a blob, as text or in hex. Whatever they are, they are shown as text and nothing else. */
export function Raw({ namespace, digest, size }: RawProps) {
  const [tries, setTries] = useState(0);
  const { bytes, error } = useHeadBytes(namespace, digest, tries);
  useEffect(() => void loadLines(), []);
  const [wanted, setWanted] = useState<View>();
  const text = useMemo(() => bytes && decodeText(bytes, size > bytes.length), [bytes, size]);
  const view = text === undefined ? "hex" : (wanted ?? "text");
  return (
    <section className={styles.raw} aria-label="Raw">
      <header className={styles.bar}>
        <h2>Raw</h2>
        <span className="muted cut">
          {size > headBytes ? `first ${formatBytes(headBytes)} of ${formatBytes(size)}` : formatBytes(size)}
        </span>
        <span className="grow" />
        <ViewSwitch view={view} hasText={text !== undefined} onView={setWanted} />
      </header>
      {error !== undefined && <ReadError error={error} onRetry={() => setTries((count) => count + 1)} />}
      {bytes?.length === 0 && <State title="This blob has no bytes" />}
      {bytes && bytes.length > 0 && (
        <Suspense fallback={null}>
          <RawLines key={view} bytes={bytes} text={view === "text" ? text : undefined} />
        </Suspense>
      )}
    </section>
  );
}

function ReadError({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  if (!isKind(error, "data-loss")) return <ErrorState error={error} onRetry={onRetry} />;
  return (
    <State title="These bytes are damaged" drawing={<Icon of={ShieldAlert} className="danger" />}>
      What is stored does not match the digest, so that it is not shown: <code>{error.message}</code>. Writing the blob
      again heals it.
    </State>
  );
}

interface ViewSwitchProps {
  readonly view: View;
  readonly hasText: boolean;
  readonly onView: (view: View) => void;
}

function ViewSwitch({ view, hasText, onView }: ViewSwitchProps) {
  return (
    <fieldset className={styles.switch}>
      <legend className="hidden">Show as</legend>
      <button type="button" aria-pressed={view === "text"} disabled={!hasText} onClick={() => onView("text")}>
        Text
      </button>
      <button type="button" aria-pressed={view === "hex"} onClick={() => onView("hex")}>
        Hex
      </button>
    </fieldset>
  );
}
