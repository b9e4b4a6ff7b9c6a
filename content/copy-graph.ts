import type { CopyOptions, CopyTarget } from "./copy.ts";
import { copyAll } from "./copy-graph/copy-all.ts";
import { planCopy } from "./copy-graph/plan.ts";
import type { CopyProgress, CopyState } from "./copy-graph/progress.ts";
import { createCopyState, progressOf } from "./copy-graph/progress.ts";
import { ContentError, throwIfCancelled } from "./errors.ts";
import type { Store } from "./store.ts";

export type { ActiveCopy, Amount, CopyProgress } from "./copy-graph/progress.ts";

export interface CopyGraphOptions extends Pick<CopyOptions, "keepLabel" | "signal" | "timeoutMs" | "retries"> {
  /** Blobs that are read or written at once, 1 to 64; absent: 4. */
  readonly parallel?: number;
  /**
   * Platforms that are wanted of an index, each as `linux/amd64` or `linux/arm/v7`; absent: all. What says no platform is
   * always wanted, and a statement about a manifest where the manifest is.
   */
  readonly platforms?: readonly string[];
  /**
   * True: what is about a copied manifest is copied as well, such as a signature. The store it comes from knows that by the
   * label `containerd.io/gc.bref.content.subject`, or that without `.subject`, which this copy sets; a containerd 1 sets none. Absent: false.
   */
  readonly referrers?: boolean;
  /**
   * What to do about a blob that neither store has: absent or `fail`: that is the error; `skip`: leave it out and say so.
   * What a subject names may always be missing.
   */
  readonly missing?: "fail" | "skip";
  /**
   * Whether each document gets the labels by which what it names stays as long as it does (see childLabels); absent: true.
   * A store without labels refuses them.
   */
  readonly childLabels?: boolean;
}

/** A copy that begins once it is iterated or finished, and that is done once. */
export interface GraphCopy extends AsyncIterable<CopyProgress> {
  /** Copies all, without a look at how far it is. @returns where it stood at its end @throws as the iteration does */
  finish(): Promise<CopyProgress>;
}

/**
 * Copies a blob and everything that it refers to, from any store to any other: children first, so that a manifest is never
 * there before what it names.
 *
 * Iterating tells how far it is whenever that is asked for, the end included; what happens between two questions is one
 * answer, and a slow reader holds nothing up. Leaving the iteration cancels the copy, and waits until it has let go.
 *
 * A copy that was cut goes on when it is called again: what is there is not read, and what is half there goes on at its
 * offset. Documents are read where they are, at the target first. Memory holds a line for each blob (100,000 at most), and
 * bytes of `parallel` pieces, or documents of 8 MiB at most.
 *
 * To keep what is copied from a collector until something names it, give a target store under a lease.
 *
 * @param root what is copied; its media type says what it may refer to
 * @throws while it is iterated: `not-found` where a blob is missing, its facts name it; `failed-precondition` for a document that
 * is not what its media type says; `resource-exhausted` for more than 100,000 blobs, or more than 8 documents in each other;
 * `cancelled` after the signal aborted; whatever copy throws
 */
export function copyGraph(
  from: Pick<Store, "info" | "readerAt" | "walk">,
  to: Pick<Store, "info" | "readerAt" | "update" | "writer">,
  root: CopyTarget,
  options: CopyGraphOptions = {},
): GraphCopy {
  const { parallel = 4, signal } = options;
  if (!Number.isInteger(parallel) || parallel < 1 || parallel > 64) {
    throw new ContentError("invalid-argument", `parallel ${parallel} is not from 1 to 64`);
  }
  const state = createCopyState();
  const left = new AbortController();
  const either = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  let begun = false;

  async function work(): Promise<void> {
    const stores = { from, to };
    // After a failure nothing that is under way is of use.
    const given = { ...options, parallel, signal: either, failed: () => left.abort() };
    const plan = await planCopy(stores, root, given, state);
    await copyAll(stores, plan, given, state);
  }

  function begin(): Promise<void> {
    if (begun) throw new ContentError("failed-precondition", "a copy is done once; make another one to go on with it");
    begun = true;
    return work();
  }

  return {
    async finish() {
      await begin();
      return progressOf(state);
    },
    async *[Symbol.asyncIterator]() {
      throwIfCancelled(signal);
      yield* follow(begin(), state, left);
    },
  };
}

/** Where the copy stands, whenever it is asked. */
async function* follow(
  copying: Promise<void>,
  state: CopyState,
  left: AbortController,
): AsyncGenerator<CopyProgress, void, undefined> {
  let isDone = false;
  const ended = copying.finally(() => {
    isDone = true;
    state.touch();
  });
  // It is awaited below; until then nobody else hears of it.
  ended.catch(() => undefined);
  try {
    for (;;) {
      await state.changed();
      if (isDone) break;
      yield progressOf(state);
    }
    await ended;
    yield progressOf(state);
  } finally {
    left.abort();
    await ended.catch(() => undefined);
  }
}
