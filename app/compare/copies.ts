import type { CopyMissingProgress, CopyMissingRequest, FailedCopy } from "../../content/compare/report.ts";
import { isKind } from "../../content/errors.ts";
import type { Sample } from "../../content/eta.ts";
import { addSample } from "../../content/eta.ts";
import { copyMissing, endCopy, followCopy } from "../../content/remote/compare.ts";
import { sleep } from "../../content/remote/sleep.ts";
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
  /** The server does not answer, and is asked again: it copies all the same, as far as is known. */
  readonly isCut?: true;
  /** Its end was asked for. */
  readonly isEnding?: true;
  /** Why it ended before its end, in one line; absent: it goes on, or is complete. */
  readonly problem?: string;
}

/** Failures that are shown. */
const shownFailures = 200;

/** Milliseconds between two questions to a server that does not answer. */
const retryMs = 2000;

const stays = "What came stays; copying again goes on from there.";

const store = createStore<CopyView | undefined>(undefined);

/** The one copy that this tab follows, also after it ended: each takes a connection, and a browser has few. */
export const copyStore: Store<CopyView | undefined> = store;

/** Nobody leaves a copy before it is over: it is followed beside whatever page is shown. */
const never = new AbortController().signal;

/** The server is asked whether there is a copy. */
let isAsked = false;

/** True while a copy goes on. */
export function isCopying(view: CopyView | undefined): boolean {
  return view !== undefined && view.problem === undefined && view.progress?.complete !== true;
}

/** Copy what is missing; nothing while another copy goes on. @param whenOver is called once it ended, however it did */
export function startCopy(request: CopyMissingRequest, target: string, whenOver: () => void): void {
  if (isCopying(store.get())) return;
  store.set({ target, samples: [], failures: [] });
  void run(copyMissing(serverTransport(""), { ...request, keepGoing: true }, never)).finally(whenOver);
}

/**
 * Show the copy that was begun last, also by another tab or before this page was loaded: the server makes it, and not the page. Nothing where
 * this tab has one, or there is none.
 *
 * @param whenOver is called once one ended that goes on now
 */
export async function takeUpCopy(whenOver: () => void): Promise<void> {
  if (store.get() !== undefined || isAsked) return;
  isAsked = true;
  const messages = followCopy(serverTransport(""), "", never);
  // There may be none, and an older server does not tell of any.
  const { value: first } = await messages.next().catch(() => ({ value: undefined }));
  isAsked = false;
  if (first === undefined || store.get() !== undefined) {
    await messages.return();
    return;
  }
  const { store: name, namespace } = first.target;
  store.set({ target: `${name}/${namespace}`, samples: [], failures: [] });
  take(first);
  await run(messages);
  if (!first.complete) whenOver();
}

/** End the copy, for everybody who follows it. What has come stays, and a blob that was half there is gone on with the next time. */
export function cancelCopy(): void {
  const view = store.get();
  if (view === undefined || !isCopying(view)) return;
  store.set({ ...view, isEnding: true });
  if (view.progress !== undefined) void askEnd(view.progress.copy);
}

/** What was said of a copy that ended is read. */
export function forgetCopy(): void {
  const view = store.get();
  if (isCopying(view)) return;
  store.set(undefined);
  const copy = view?.progress?.copy;
  // Where the server does not hear of it, it forgets by itself after a while.
  if (copy !== undefined) endCopy(serverTransport(""), copy).catch(() => undefined);
}

/** Bytes that are there by now, of those that are wanted. */
export function bytesThere({ copied, present, activeBytes }: CopyMissingProgress): number {
  return copied.bytes + present.bytes + activeBytes;
}

async function askEnd(copy: string): Promise<void> {
  try {
    await endCopy(serverTransport(""), copy);
  } catch (error) {
    const view = store.get();
    if (view === undefined || !isCopying(view)) return;
    const { isEnding, ...rest } = view;
    store.set(rest);
    announce(`The copy could not be cancelled: ${errorText(error)}`);
  }
}

/** Follows a copy to its end, over as many calls as that takes. */
async function run(messages: AsyncIterable<CopyMissingProgress>): Promise<void> {
  for (let following = messages; ; ) {
    try {
      for await (const progress of following) take(progress);
      break;
    } catch (error) {
      const view = store.get();
      const copy = view?.progress?.copy;
      if (view === undefined) return;
      if (!isKind(error, "unavailable") || copy === undefined) {
        store.set({ ...view, problem: problemOf(error, view) });
        return;
      }
      store.set({ ...view, isCut: true });
      await sleep(retryMs, never);
      // It tells all failures again.
      store.set({ ...(store.get() ?? view), failures: [] });
      following = followCopy(serverTransport(""), copy, never);
    }
  }
  const last = store.get();
  const progress = last?.progress;
  if (last && progress?.givenUp) store.set({ ...last, problem: `It was given up: ${progress.givenUp}. ${stays}` });
  else if (progress) announce(`${formatCounted(progress.copied.blobs, "blob")} copied`);
}

/** Why a copy ended, and what that means. */
function problemOf(error: unknown, { progress }: CopyView): string {
  if (isKind(error, "cancelled")) return `It was cancelled. ${stays}`;
  if (isKind(error, "not-found")) {
    return progress === undefined
      ? "The report was too old, and is made anew. Nothing was copied; copy again."
      : `The server was started anew, which ended the copy. ${stays}`;
  }
  return progress === undefined ? errorText(error) : `${errorText(error)}. ${stays}`;
}

function take(progress: CopyMissingProgress): void {
  const before = store.get();
  if (before === undefined) return;
  const { isCut, ...view } = before;
  if (view.isEnding && view.progress === undefined) void askEnd(progress.copy);
  const samples = addSample(view.samples, { atMs: Date.now(), offset: progress.copied.bytes + progress.activeBytes });
  const failures = [...view.failures, ...progress.failures].slice(0, shownFailures);
  store.set({ ...view, progress, samples, failures });
}
