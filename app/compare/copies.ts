import type { CopyMissingProgress, CopyMissingRequest, FailedCopy } from "../../content/compare/report.ts";
import { isKind } from "../../content/errors.ts";
import type { Sample } from "../../content/eta.ts";
import { addSample } from "../../content/eta.ts";
import { copyMissing } from "../../content/remote/compare.ts";
import { serverTransport } from "../_live/server-transport.ts";
import type { Store } from "../_live/store.ts";
import { createStore } from "../_live/store.ts";
import { announce } from "../_ui/announcer.tsx";
import { errorText } from "../_ui/error-text.ts";
import { formatCounted } from "../_ui/format.ts";

/** A copy of what one side lacks. */
export interface CopyView {
  /** Where it goes, for people. */
  readonly target: string;
  /** Absent until the server told. */
  readonly progress?: CopyMissingProgress;
  /** Bytes that were there, by this machine's clock; oldest first. */
  readonly samples: readonly Sample[];
  /** The first of those that could not be copied. */
  readonly failures: readonly FailedCopy[];
  /** Why it ended before its end, in one line; absent: it goes on, or is complete. */
  readonly problem?: string;
}

/** Failures that are shown. */
const shownFailures = 200;

const store = createStore<CopyView | undefined>(undefined);

/** The one copy of this tab, also after it ended: each takes a connection, and a browser has few. */
export const copyStore: Store<CopyView | undefined> = store;

let current: AbortController | undefined;

/** True while a copy goes on. */
export function isCopying(view: CopyView | undefined): boolean {
  return view !== undefined && view.problem === undefined && view.progress?.complete !== true;
}

/** Copy what is missing; nothing while another copy goes on. @param whenOver is called once it ended, however it did */
export function startCopy(request: CopyMissingRequest, target: string, whenOver: () => void): void {
  if (isCopying(store.get())) return;
  const end = new AbortController();
  current = end;
  store.set({ target, samples: [], failures: [] });
  void run(request, end.signal).finally(whenOver);
}

/** End the copy. What has come stays, and a blob that was half there is gone on with the next time. */
export function cancelCopy(): void {
  current?.abort();
}

/** What was said of a copy that ended is read. */
export function forgetCopy(): void {
  if (!isCopying(store.get())) store.set(undefined);
}

/** Bytes that are there by now, of those that are wanted. */
export function bytesThere({ copied, present, activeBytes }: CopyMissingProgress): number {
  return copied.bytes + present.bytes + activeBytes;
}

async function run(request: CopyMissingRequest, signal: AbortSignal): Promise<void> {
  try {
    for await (const progress of copyMissing(serverTransport(""), request, signal)) take(progress);
    const last = store.get();
    const progress = last?.progress;
    if (last && progress?.givenUp) store.set({ ...last, problem: `It was given up: ${progress.givenUp}` });
    else if (progress) announce(`${formatCounted(progress.copied.blobs, "blob")} copied`);
  } catch (error) {
    const problem = isKind(error, "cancelled")
      ? "It was cancelled. What has come stays; the next time goes on from here."
      : errorText(error);
    const last = store.get();
    if (last) store.set({ ...last, problem });
  }
}

function take(progress: CopyMissingProgress): void {
  const view = store.get();
  if (view === undefined) return;
  const samples = addSample(view.samples, { atMs: Date.now(), offset: progress.copied.bytes + progress.activeBytes });
  const failures = [...view.failures, ...progress.failures].slice(0, shownFailures);
  store.set({ ...view, progress, samples, failures });
}
