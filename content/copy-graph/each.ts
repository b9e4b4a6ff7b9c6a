/**
 * Does something with each of a list, so many at once, in its order. After the first failure nothing more begins.
 *
 * @param failed told of the first failure at once, to end what is under way
 * @throws the first failure, once nothing is under way any more
 */
export async function forEachOf<T>(
  items: readonly T[],
  atOnce: number,
  act: (item: T) => Promise<void>,
  failed: () => void = () => undefined,
): Promise<void> {
  let next = 0;
  let failure: { readonly error: unknown } | undefined;

  async function work(): Promise<void> {
    while (next < items.length && failure === undefined) {
      const item = items[next] as T;
      next += 1;
      try {
        await act(item);
      } catch (error) {
        if (failure !== undefined) return;
        failure = { error };
        failed();
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  if (failure !== undefined) throw failure.error;
}
