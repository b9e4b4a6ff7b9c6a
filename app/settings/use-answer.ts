"use client";
import { useCallback, useEffect, useState } from "react";
import { useStore } from "../_live/hooks.ts";
import { signInsStore } from "../_live/signed-out.ts";

/** What a server was asked for, where it stands. */
export interface Answer<Value> {
  /** The last that came; absent: none yet. */
  readonly value?: Value;
  /** Why the last question was not answered; absent: it was, or waits. */
  readonly error?: unknown;
  /** Ask again. */
  readonly retry: () => void;
}

/** Asks once, and again when somebody signs in. @param ask the same function each time */
export function useAnswer<Value>(ask: () => Promise<Value>): Answer<Value> {
  const signIns = useStore(signInsStore);
  const [tries, setTries] = useState(0);
  const [answer, setAnswer] = useState<Omit<Answer<Value>, "retry">>({});
  useEffect(() => {
    let isOver = false;
    ask().then(
      (value) => isOver || setAnswer({ value }),
      (error: unknown) => isOver || setAnswer((before) => ({ ...before, error })),
    );
    return () => {
      isOver = true;
    };
  }, [ask, signIns, tries]);
  const retry = useCallback(() => setTries((count) => count + 1), []);
  return { ...answer, retry };
}
