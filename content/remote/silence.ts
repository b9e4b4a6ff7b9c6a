import { ContentError } from "../errors.ts";

/**
 * The next of what a server tells, and the end of the call where nothing comes for too long. Only the wait for it is timed, so that a
 * slow consumer is not taken for a dead server.
 *
 * @param silence aborts the call @throws `unavailable` then
 */
export async function nextWithin<T>(
  messages: AsyncIterator<T, void>,
  ms: number,
  silence: AbortController,
): Promise<IteratorResult<T, void>> {
  const timer = setTimeout(() => {
    silence.abort(new ContentError("unavailable", `nothing came from the server for ${ms / 1000} s`));
  }, ms);
  try {
    return await messages.next();
  } finally {
    clearTimeout(timer);
  }
}

/**
 * What a server tells, until nothing came for too long.
 *
 * @param open begins the call, which its signal ends @throws `unavailable` where nothing came; what the call throws
 */
export async function* untilSilent<T>(
  open: (signal: AbortSignal) => AsyncIterable<T>,
  ms: number,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const silence = new AbortController();
  const messages = open(AbortSignal.any([signal, silence.signal]))[Symbol.asyncIterator]();
  try {
    for (;;) {
      const message = await nextWithin(messages, ms, silence);
      if (message.done === true) return;
      yield message.value;
    }
  } finally {
    await messages.return?.();
  }
}
