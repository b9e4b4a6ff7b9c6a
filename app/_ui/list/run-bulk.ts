/** How far an act on many is. */
export interface BulkProgress<Item> {
  readonly done: number;
  /** Those that were as wanted already, such as gone. */
  readonly already: number;
  readonly failed: readonly { readonly item: Item; readonly error: unknown }[];
  /** Not begun. */
  readonly left: number;
}

interface BulkOptions<Item> {
  readonly act: (item: Item, signal: AbortSignal) => Promise<"done" | "already">;
  /** No further one is begun once it aborts; those that are under way are told. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: BulkProgress<Item>) => void;
  /** Items that are under way at once; absent: 6, which is how many calls a browser makes to one server over HTTP/1.1. */
  readonly atOnce?: number;
}

/** Does the same to many items, a few at once; one that fails does not keep the others. */
export async function runBulk<Item>(items: readonly Item[], options: BulkOptions<Item>): Promise<BulkProgress<Item>> {
  const { act, signal, onProgress, atOnce = 6 } = options;
  const failed: { readonly item: Item; readonly error: unknown }[] = [];
  const counts = { done: 0, already: 0 };
  let next = 0;
  const progress = (): BulkProgress<Item> => ({ ...counts, failed: [...failed], left: items.length - next });

  async function work(): Promise<void> {
    while (next < items.length && !signal.aborted) {
      const item = items[next] as Item;
      next += 1;
      try {
        counts[await act(item, signal)] += 1;
      } catch (error) {
        failed.push({ item, error });
      }
      onProgress(progress());
    }
  }

  await Promise.all(Array.from({ length: atOnce }, work));
  return progress();
}
