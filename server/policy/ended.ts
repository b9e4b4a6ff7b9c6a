/**
 * Messages until a signal aborts; they fail with its reason then, also while the next one is waited for. Whoever makes them is told by
 * the same signal, and ends by itself.
 *
 * @throws the signal's reason; what the messages throw
 */
export async function* endedWith<T>(
  messages: AsyncIterable<T>,
  ended: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const iterator = messages[Symbol.asyncIterator]();
  let stop: (reason: unknown) => void = () => undefined;
  const end = (): void => stop(ended.reason);
  // One wait at a time hears of the end: what hears of it for as long as the stream goes on would grow with every message.
  const next = (): Promise<IteratorResult<T, unknown>> =>
    new Promise((resolve, reject) => {
      stop = reject;
      iterator.next().then(resolve, reject);
    });
  ended.addEventListener("abort", end, { once: true });
  try {
    for (;;) {
      ended.throwIfAborted();
      const { done, value } = await next();
      ended.throwIfAborted();
      if (done === true) return;
      yield value as T;
    }
  } catch (error) {
    ended.throwIfAborted();
    throw error;
  } finally {
    ended.removeEventListener("abort", end);
    const left = Promise.resolve(iterator.return?.());
    // Who waits for a message still, such as one of a client, goes once it comes or is given up.
    if (ended.aborted) left.catch(() => undefined);
    else await left;
  }
}

/** A signal that aborts once one of two does, until it is disposed of. */
export interface BoundSignal extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * The signal of a call, which aborts too once its caller may not go on.
 *
 * @param ended lasts longer than the call, and keeps nothing of it; absent: they always may
 */
export function boundBy(signal: AbortSignal, ended: AbortSignal | undefined): BoundSignal {
  if (ended === undefined) return { signal, [Symbol.dispose]: () => undefined };
  const either = new AbortController();
  const sources = [signal, ended];
  const abort = (): void => either.abort(sources.find(({ aborted }) => aborted)?.reason);
  for (const source of sources) source.addEventListener("abort", abort, { once: true });
  if (sources.some(({ aborted }) => aborted)) abort();
  return {
    signal: either.signal,
    [Symbol.dispose]() {
      for (const source of sources) source.removeEventListener("abort", abort);
    },
  };
}
