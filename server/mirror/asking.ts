import { Code, ConnectError } from "@connectrpc/connect";
import { ContentError, cancelled } from "../../content/errors.ts";
import { connectionCut, unreachableText } from "../unreachable.ts";

/** Questions to a source, each with a time in which it has to be answered, whatever the source makes of signals. */
export interface Asking {
  /** @throws `unavailable` where no answer comes in time; `cancelled`; what the source throws, as a ContentError */
  one<T>(question: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Likewise for each part of an answer. */
  each<T>(question: (signal: AbortSignal) => AsyncIterable<T>): AsyncGenerator<T, void, undefined>;
  /** Wait for something that has nothing to do with the source, while it answers: that time is not its own. */
  aside<T>(work: () => Promise<T>): Promise<T>;
  /** How long the source was kept busy with all of them at most, in milliseconds. */
  readonly spentMs: number;
}

/** What goes on with an answer that nobody waits for any more is nobody's business. */
const ignore = (): void => undefined;

/**
 * @param limitMs of each answer, in milliseconds
 * @param signals end every question
 */
export function createAsking(limitMs: number, ...signals: readonly (AbortSignal | undefined)[]): Asking {
  const ends = signals.filter((signal) => signal !== undefined);
  let spentMs = 0;
  /** Questions that are asked, one within the other, and since when. */
  let depth = 0;
  let sinceMs = 0;

  function begin(): void {
    if (depth === 0) sinceMs = performance.now();
    depth += 1;
  }

  function end(): void {
    depth -= 1;
    if (depth === 0) spentMs += performance.now() - sinceMs;
  }

  /** @throws `cancelled` once a signal has aborted: then nothing more is asked */
  function requireOpen(): void {
    const end = ends.find(({ aborted }) => aborted);
    if (end !== undefined) throw cancelled(end.reason);
  }

  /** A wait that the limit, or a signal, cuts. */
  function openWait(over: AbortController) {
    let reject: (error: ContentError) => void = ignore;
    const giveUp = (error: ContentError): void => {
      reject(error);
      over.abort(error);
    };
    const onAbort = (): void => giveUp(cancelled(ends.find(({ aborted }) => aborted)?.reason));
    for (const end of ends) end.addEventListener("abort", onAbort, { once: true });
    return {
      async for<T>(answer: Promise<T>): Promise<T> {
        const wait = Promise.withResolvers<T>();
        reject = wait.reject;
        answer.then(wait.resolve, wait.reject);
        const timer = setTimeout(() => giveUp(tooLate(limitMs)), limitMs).unref();
        if (ends.some(({ aborted }) => aborted)) onAbort();
        try {
          return await wait.promise;
        } finally {
          clearTimeout(timer);
          reject = ignore;
        }
      },
      close(): void {
        for (const end of ends) end.removeEventListener("abort", onAbort);
      },
    };
  }

  return {
    async one(question) {
      requireOpen();
      const over = new AbortController();
      const wait = openWait(over);
      begin();
      try {
        return await wait.for(answerOf(question, over.signal));
      } catch (error) {
        throw sourceError(error);
      } finally {
        end();
        wait.close();
      }
    },
    async *each(question) {
      requireOpen();
      const over = new AbortController();
      const wait = openWait(over);
      const answers = question(over.signal)[Symbol.asyncIterator]();
      // What it sends ahead, while this side is at work, costs it time too.
      begin();
      try {
        for (;;) {
          const next = await wait.for(answers.next());
          if (next.done) return;
          yield next.value;
        }
      } catch (error) {
        throw sourceError(error);
      } finally {
        end();
        wait.close();
        over.abort();
        // A source that hangs never comes to its end.
        Promise.resolve(answers.return?.()).catch(ignore);
      }
    },
    async aside(work) {
      const begunMs = performance.now();
      try {
        return await work();
      } finally {
        if (depth > 0) spentMs -= performance.now() - begunMs;
      }
    },
    get spentMs() {
      return spentMs;
    },
  };
}

/** Also of a source that throws before it promises anything. */
async function answerOf<T>(question: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  return await question(signal);
}

/** Errors that say that nobody answered, and not what the answer was. */
const unanswered = new WeakSet<ContentError>();

/** True for an error that says that the source cannot be reached, or does not answer in time. */
export function isUnanswered(error: unknown): error is ContentError {
  return error instanceof ContentError && unanswered.has(error);
}

function tooLate(limitMs: number): ContentError {
  return unansweredError(`no answer within ${limitMs / 1000} s`);
}

function unansweredError(text: string, cause?: unknown): ContentError {
  const error = new ContentError("unavailable", text, { cause });
  unanswered.add(error);
  return error;
}

/** Whatever a source threw, as a ContentError that names no path. */
function sourceError(error: unknown): ContentError {
  const text = unreachableText(error) ?? cutText(error);
  if (error instanceof ContentError && (error.kind !== "unavailable" || text === undefined)) return error;
  return unansweredError(text ?? "it failed", error);
}

/** What Connect found out by itself of an answer that stopped short, or was none. */
function cutText(error: unknown): string | undefined {
  const cause = error instanceof ContentError ? error.cause : error;
  if (!(cause instanceof ConnectError) || cause.isWireError) return undefined;
  return cause.code === Code.Canceled ? connectionCut : cause.rawMessage;
}
