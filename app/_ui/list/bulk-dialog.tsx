"use client";
import type { ReactNode } from "react";
import { Suspense, useCallback, useEffect, useRef, useState } from "react";
import { Button } from "../button.tsx";
import { errorText } from "../error-text.ts";
import { formatCount, formatCounted } from "../format.ts";
import { Dialog } from "../popups/index.ts";
import styles from "./bulk.module.css";
import { type BulkProgress, runBulk } from "./run-bulk.ts";

/** What became of one of many. */
export type ItemResult = "waiting" | "done" | "already" | { readonly error: unknown };

interface BulkDialogProps<Item> {
  readonly title: string;
  /** What the act does, such as `Delete`. */
  readonly act: string;
  /** What it did, such as `deleted`. */
  readonly done: string;
  /** What was already so, such as `were gone`. */
  readonly already: string;
  /** One of them, such as `blob`. */
  readonly noun: string;
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly nameOf: (item: Item) => ReactNode;
  /** Given: each one is listed, before and after, and this says what there is to say of it; 200 are listed at most. */
  readonly tellEach?: (item: Item, result: ItemResult) => ReactNode;
  /** What will be lost, and for whom. */
  readonly children: ReactNode;
  readonly isDanger?: boolean;
  /** False: not all is said that has to be. */
  readonly isReady?: boolean;
  /** The number of items has to be typed. */
  readonly isTyped: boolean;
  readonly run: (item: Item, signal: AbortSignal) => Promise<"done" | "already">;
  /** @param failed those that are left to be tried again; absent: nothing was done */
  readonly onClose: (failed?: readonly Item[]) => void;
}

/** Asks before something is done to many, does it, and says what became of each. */
export function BulkDialog<Item>(props: BulkDialogProps<Item>) {
  const { title, children, items, noun, act, run, onClose, tellEach } = props;
  const results = useRef(new Map<Item, ItemResult>());
  const [progress, setProgress] = useState<BulkProgress<Item>>();
  const [isRunning, setRunning] = useState(false);
  const [isCancelled, setCancelled] = useState(false);
  const end = useRef<AbortController>(undefined);
  const body = useRef<HTMLDivElement>(null);
  const firstToUse = useCallback(() => body.current?.querySelector<HTMLElement>("input, [type=submit]") ?? true, []);
  useEffect(() => () => end.current?.abort(), []);

  async function start(): Promise<void> {
    end.current = new AbortController();
    const { signal } = end.current;
    setRunning(true);
    // Rows come fast; the eye does not.
    let shownAt = 0;
    const result = await runBulk(items, {
      async act(item, signal) {
        try {
          const result = await run(item, signal);
          results.current.set(item, result);
          return result;
        } catch (error) {
          results.current.set(item, { error });
          throw error;
        }
      },
      signal,
      onProgress(next) {
        if (Date.now() - shownAt < 250) return;
        shownAt = Date.now();
        setProgress(next);
      },
    });
    setProgress(result);
    setRunning(false);
    setCancelled(signal.aborted);
  }

  function close(): void {
    if (isRunning) return;
    onClose(progress && [...progress.failed.map(({ item }) => item), ...items.slice(items.length - progress.left)]);
  }

  return (
    <Suspense fallback={null}>
      <Dialog title={title} onClose={close} initialFocus={firstToUse}>
        <div ref={body} className={styles.body}>
          {!isRunning && progress === undefined ? (
            <Ask {...props} count={items.length} onStart={() => void start()} onCancel={close}>
              {children}
              {tellEach && <Each items={items} keyOf={props.keyOf} tell={(item) => tellEach(item, "waiting")} />}
            </Ask>
          ) : (
            <>
              <Told {...props} progress={progress} isRunning={isRunning} isCancelled={isCancelled} />
              {tellEach && (
                <Each
                  items={items}
                  keyOf={props.keyOf}
                  tell={(item) => tellEach(item, results.current.get(item) ?? "waiting")}
                />
              )}
              <div className={styles.acts}>
                {isRunning ? (
                  <Button onClick={() => end.current?.abort()}>Stop</Button>
                ) : (
                  <Button look="primary" ref={focusOnCome} onClick={close}>
                    Close
                  </Button>
                )}
              </div>
            </>
          )}
        </div>
        <output className="hidden">{isRunning ? `${act}: ${formatCounted(items.length, noun)}` : ""}</output>
      </Dialog>
    </Suspense>
  );
}

interface AskProps {
  readonly children: ReactNode;
  readonly act: string;
  readonly noun: string;
  readonly count: number;
  readonly isDanger?: boolean;
  readonly isReady?: boolean;
  readonly isTyped: boolean;
  readonly onStart: () => void;
  readonly onCancel: () => void;
}

function Ask({ children, act, noun, count, isDanger, isReady = true, isTyped, onStart, onCancel }: AskProps) {
  const [typed, setTyped] = useState("");
  const canStart = isReady && count > 0 && (!isTyped || typed.replace(/[\s,.']/g, "") === String(count));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (canStart) onStart();
      }}
    >
      {children}
      {isTyped && (
        <label className={styles.typed}>
          Type {formatCount(count)} to confirm
          <input
            value={typed}
            inputMode="numeric"
            autoComplete="off"
            onChange={({ target }) => setTyped(target.value)}
          />
        </label>
      )}
      <div className={styles.acts}>
        <Button onClick={onCancel}>Cancel</Button>
        <Button look={isDanger ? "danger" : "primary"} type="submit" disabled={!canStart}>
          {act} {formatCounted(count, noun)}
        </Button>
      </div>
    </form>
  );
}

interface ToldProps<Item> extends BulkDialogProps<Item> {
  readonly progress: BulkProgress<Item> | undefined;
  readonly isRunning: boolean;
  readonly isCancelled: boolean;
}

/** Lines that are listed at most. */
const shownLines = 200;

interface EachProps<Item> {
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly tell: (item: Item) => ReactNode;
}

function Each<Item>({ items, keyOf, tell }: EachProps<Item>) {
  return (
    <>
      <ul className={styles.each} aria-label="Each" tabIndex={0}>
        {items.slice(0, shownLines).map((item) => (
          <li key={keyOf(item)}>{tell(item)}</li>
        ))}
      </ul>
      {items.length > shownLines && <p>and {formatCount(items.length - shownLines)} more</p>}
    </>
  );
}

/** The act that had the focus is gone: what comes in its place takes it, or the keys would be nowhere. */
function focusOnCome(element: HTMLElement | null): void {
  element?.focus();
}

function Told<Item>(props: ToldProps<Item>) {
  const { progress, items, done, already, noun, keyOf, nameOf, tellEach, isRunning, isCancelled } = props;
  const failed = progress?.failed ?? [];
  const ended = items.length - (progress?.left ?? items.length);
  return (
    <>
      <progress className={styles.progress} max={items.length} value={ended} aria-label="Progress" />
      <p className={styles.told} role={isRunning ? undefined : "status"}>
        {formatCount(progress?.done ?? 0)} of {formatCounted(items.length, noun)} {done}
        {(progress?.already ?? 0) > 0 && `, ${formatCount(progress?.already ?? 0)} ${already}`}
        {failed.length > 0 && <span className="danger">, {formatCount(failed.length)} failed</span>}
        {isCancelled && `, stopped with ${formatCount(progress?.left ?? 0)} not begun`}
        {!isRunning && (failed.length > 0 || isCancelled) && ". What is left stays selected."}
      </p>
      {failed.length > 0 && tellEach === undefined && (
        <ul className={styles.failures} aria-label="What failed">
          {failed.slice(0, shownLines).map(({ item, error }) => (
            <li key={keyOf(item)}>
              {nameOf(item)} <span className="danger">{errorText(error)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
