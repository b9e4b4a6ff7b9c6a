import type { CopyOptions } from "../copy.ts";
import { copy } from "../copy.ts";
import { ContentError, isKind } from "../errors.ts";
import type { Store } from "../store.ts";
import { forEachOf } from "./each.ts";
import type { PlannedBlob } from "./plan.ts";
import type { CopyState } from "./progress.ts";
import { count } from "./progress.ts";
import type { Stores } from "./stores.ts";

/** How planned blobs are copied. */
export interface CopyAllOptions extends Pick<CopyOptions, "keepLabel" | "timeoutMs" | "retries"> {
  readonly parallel: number;
  readonly missing?: "fail" | "skip";
  readonly signal: AbortSignal;
  /** Told of the first failure, to end what is under way. */
  readonly failed: () => void;
}

/** Copies what is planned, each after all that it names. */
export async function copyAll(
  stores: Stores,
  plan: readonly PlannedBlob[],
  options: CopyAllOptions,
  state: CopyState,
): Promise<void> {
  state.planned = true;
  state.touch();
  for (const blob of plan.filter(({ missing }) => missing)) leaveOut(blob, options, state);
  const copies = new Map<PlannedBlob, Promise<void>>();

  async function copyAfterChildren(blob: PlannedBlob): Promise<void> {
    await Promise.all(blob.children.map((child) => copies.get(child)));
    await copyOne(stores, blob, options, state);
  }

  await forEachOf(
    childrenFirst(plan).filter(({ missing }) => !missing),
    options.parallel,
    (blob) => {
      const copying = copyAfterChildren(blob);
      copies.set(blob, copying);
      return copying;
    },
    options.failed,
  );
}

async function copyOne(
  { from, to }: Stores,
  blob: PlannedBlob,
  options: CopyAllOptions,
  state: CopyState,
): Promise<void> {
  const { target, labels } = blob;
  const { digest, size: total = 0 } = target;
  const { keepLabel, timeoutMs, retries, signal } = options;
  const onProgress = (offset: number): void => {
    state.active.set(digest, { offset, total });
    state.touch();
  };
  try {
    const copied = await copy(from, to, target, { keepLabel, timeoutMs, retries, signal, labels, onProgress });
    state.found.bytes += copied.size - total;
    count(copied.present ? state.present : state.copied, copied.size);
  } catch (error) {
    if (!isKind(error, "not-found") || (await isThere(from, digest, signal))) throw error;
    leaveOut(blob, options, state, error);
  } finally {
    state.active.delete(digest);
    state.touch();
  }
}

/** @throws `not-found` where a blob that neither store has is to be there */
function leaveOut(
  { target: { digest, size = 0 }, namedBy, optional }: PlannedBlob,
  { missing }: CopyAllOptions,
  state: CopyState,
  cause?: unknown,
): void {
  if (!optional && missing !== "skip") {
    const by = namedBy === undefined ? "" : `, which ${namedBy} names`;
    const facts = { digest, ...(namedBy !== undefined && { namedBy }) };
    throw new ContentError("not-found", `content ${digest}${by}`, { cause, missing: facts });
  }
  state.missing.push(digest);
  state.found.blobs -= 1;
  state.found.bytes -= size;
}

async function isThere(
  store: Pick<Store, "info">,
  digest: PlannedBlob["target"]["digest"],
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await store.info(digest, signal);
    return true;
  } catch (error) {
    if (isKind(error, "not-found")) return false;
    throw error;
  }
}

/** In an order in which nothing stands before what it names. Digests are right, so that nothing leads back to itself. */
function childrenFirst(plan: readonly PlannedBlob[]): readonly PlannedBlob[] {
  const parents = new Map<PlannedBlob, PlannedBlob[]>();
  const waitsFor = new Map<PlannedBlob, number>();
  for (const blob of plan) {
    waitsFor.set(blob, blob.children.length);
    for (const child of blob.children) {
      const known = parents.get(child);
      if (known === undefined) parents.set(child, [blob]);
      else known.push(blob);
    }
  }
  const ordered = plan.filter(({ children }) => children.length === 0);
  // It grows while it is gone through.
  for (const blob of ordered) {
    for (const parent of parents.get(blob) ?? []) {
      const left = (waitsFor.get(parent) ?? 0) - 1;
      waitsFor.set(parent, left);
      if (left === 0) ordered.push(parent);
    }
  }
  return ordered;
}
