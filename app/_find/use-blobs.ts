"use client";
import { useEffect, useRef, useState } from "react";
import { beginsWith, parseDigestPrefix } from "../../content/query/digest-prefix.ts";
import { serverTransport } from "../_live/link.ts";
import type { FoundBlobs } from "./find-blobs.ts";
import { findBlobs } from "./find-blobs.ts";

/** What the server says about a digest. */
export interface BlobsAnswer {
  /** The digest that is asked about; absent: none is. */
  readonly digest?: string;
  /** True until the server answered about that digest. */
  readonly isAsking: boolean;
  /** The last answer: about this digest, or about the one before while this one is asked. */
  readonly found?: FoundBlobs;
  /** Why there is no answer. */
  readonly error?: unknown;
}

/** A person who types on is waited for so long, in milliseconds; what is pasted is asked at once. */
const typingMs = 80;

const none: BlobsAnswer = { isAsking: false };

/**
 * Asks the server about a digest, one at a time: a new one ends the question before.
 *
 * @param digest absent: nothing is asked
 * @param tries another number: the same is asked again
 */
export function useBlobs(digest: string | undefined, tries: number): BlobsAnswer {
  const [answer, setAnswer] = useState(none);
  const before = useRef("");
  if (answer.digest !== digest) setAnswer(askingOf(digest, answer));

  useEffect(() => {
    const isTyped = digest !== undefined && Math.abs(digest.length - before.current.length) === 1;
    before.current = digest ?? "";
    if (digest === undefined) return undefined;
    const end = new AbortController();
    setAnswer((last) => askingOf(digest, last));
    const timer = setTimeout(() => void ask(digest, end.signal, setAnswer), isTyped ? typingMs : 0);
    return () => {
      clearTimeout(timer);
      end.abort();
    };
  }, [digest, tries]);
  return answer;
}

/** What was found for a shorter beginning of the same digest holds until the answer is there. */
function askingOf(digest: string | undefined, last: BlobsAnswer): BlobsAnswer {
  if (digest === undefined) return none;
  const begin = parseDigestPrefix(digest);
  const isLonger = last.digest !== undefined && digest.startsWith(last.digest);
  if (!last.found || !begin || !isLonger) return { digest, isAsking: true };
  const blobs = last.found.blobs.filter(({ info }) => beginsWith(info.digest, begin));
  return { digest, isAsking: true, found: { blobs, count: blobs.length, isExact: true } };
}

async function ask(digest: string, signal: AbortSignal, tell: (answer: BlobsAnswer) => void): Promise<void> {
  try {
    const found = await findBlobs(serverTransport(), digest, signal);
    if (!signal.aborted) tell({ digest, isAsking: false, found });
  } catch (error) {
    if (!signal.aborted) tell({ digest, isAsking: false, error });
  }
}
