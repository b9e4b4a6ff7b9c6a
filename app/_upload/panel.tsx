"use client";
import { ChevronDown, ChevronUp, Pause, Play, X } from "lucide-react";
import { Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useStore } from "../_live/hooks.ts";
import { announce } from "../_ui/announcer.tsx";
import { Button, IconButton } from "../_ui/button.tsx";
import { formatBytes, formatCount, formatDuration, formatPart, formatRate } from "../_ui/format.ts";
import { ChooseNamespace } from "./choose-namespace.tsx";
import { unplacedFiles } from "./hand-over.ts";
import { uploads } from "./page-uploads.ts";
import styles from "./panel.module.css";
import type { Queue, Sum } from "./queue.ts";
import { canResume, isRunning, sumUp } from "./queue.ts";
import { UploadRow } from "./upload-row.tsx";
import { useNoStrayDrops } from "./use-no-stray-drops.ts";

/** The uploads of this page, below whatever it shows. */
export function UploadsPanel() {
  const queue = useStore(uploads);
  const handed = useStore(unplacedFiles);
  const [isOpen, setOpen] = useState(true);
  const title = useRef<HTMLButtonElement>(null);
  const onGone = useCallback(() => title.current?.focus(), []);
  const sum = sumUp(queue);
  useNoStrayDrops();
  useNews(sum);
  return (
    <>
      {handed && (
        <Suspense fallback={null}>
          <ChooseNamespace handed={handed} />
        </Suspense>
      )}
      {queue.length > 0 && (
        <section className={styles.panel} aria-label="Uploads" data-busy={sum.running > 0 || undefined}>
          <header className={styles.head}>
            <IconButton
              ref={title}
              className={styles.fold}
              icon={isOpen ? ChevronDown : ChevronUp}
              label={isOpen ? "Fold uploads" : "Unfold uploads"}
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
            />
            <h2>Uploads</h2>
            <Answer sum={sum} />
            <div className={styles.allActs}>
              <AllActs queue={queue} sum={sum} onGone={onGone} />
            </div>
          </header>
          {isOpen && (
            <ul className={styles.rows}>
              {queue.map((upload) => (
                <UploadRow key={upload.id} upload={upload} onGone={onGone} />
              ))}
            </ul>
          )}
        </section>
      )}
    </>
  );
}

function Answer({ sum: { count, done, failed, bytes, storedBytes, rate, etaMs } }: { readonly sum: Sum }) {
  return (
    <p className={styles.answer}>
      <span>
        <b>{formatCount(done)}</b> of {formatCount(count)} stored
      </span>
      {failed > 0 && <span className="danger">{formatCount(failed)} failed</span>}
      <span>{storedBytes < bytes ? `${formatPart(storedBytes, bytes).join(" of ")}` : formatBytes(bytes)}</span>
      {rate !== undefined && <span className={styles.wide}>{formatRate(rate)}</span>}
      {etaMs !== undefined && <span className={styles.wide}>≈ {formatDuration(etaMs)}</span>}
    </p>
  );
}

interface AllActsProps {
  readonly queue: Queue;
  readonly sum: Sum;
  readonly onGone: () => void;
}

function AllActs({ queue, sum: { running, resumable, done }, onGone }: AllActsProps) {
  const each = (is: (upload: Queue[number]) => boolean, act: (id: number) => void) => {
    for (const { id } of queue.filter(is)) act(id);
  };
  return (
    <>
      {running > 1 && (
        <Button isSmall look="ghost" icon={Pause} aria-label="Pause all" onClick={() => each(isRunning, uploads.pause)}>
          <span className={styles.wide}>Pause all</span>
        </Button>
      )}
      {resumable > 1 && (
        <Button
          isSmall
          look="ghost"
          icon={Play}
          aria-label="Resume all"
          onClick={() => each(canResume, uploads.resume)}
        >
          <span className={styles.wide}>Resume all</span>
        </Button>
      )}
      {done > 0 && (
        <Button
          isSmall
          look="ghost"
          icon={X}
          onClick={() => {
            uploads.clearDone();
            onGone();
          }}
        >
          Clear finished
        </Button>
      )}
    </>
  );
}

/** What becomes of uploads is said, summed up. */
function useNews({ done, failed }: Sum): void {
  const before = useRef({ done, failed });
  useEffect(() => {
    const fresh = done - before.current.done;
    before.current = { done, failed };
    if (fresh > 0) announce(fresh === 1 ? "An upload is stored" : `${formatCount(fresh)} uploads are stored`);
  }, [done, failed]);
}
