"use client";
import { useEffect, useState } from "react";
import type { Digest } from "../../content/digest.ts";
import { contentOf } from "../_live/live.ts";

/** Bytes of a blob that the page shows. */
export const headBytes = 64 * 1024;

/** The first bytes of a blob, or why they cannot be read; neither while they are on their way. */
export interface Head {
  readonly bytes?: Uint8Array;
  readonly error?: unknown;
}

/** The first 64 KiB of a blob. @param tries another number: read again */
export function useHeadBytes(namespace: string, digest: Digest, tries: number): Head {
  const [head, setHead] = useState<Head>({});
  useEffect(() => {
    const end = new AbortController();
    setHead({});
    readHead(namespace, digest, end.signal)
      .then((bytes): Head => ({ bytes }))
      .catch((error: unknown): Head => ({ error }))
      .then((next) => end.signal.aborted || setHead(next));
    return () => end.abort();
  }, [namespace, digest, tries]);
  return head;
}

async function readHead(namespace: string, digest: Digest, signal: AbortSignal): Promise<Uint8Array> {
  await using reader = await contentOf(namespace).readerAt({ digest }, signal);
  const bytes = new Uint8Array(Math.min(reader.size, headBytes));
  let length = 0;
  for await (const chunk of reader.read(0, bytes.length)) {
    bytes.set(chunk, length);
    length += chunk.length;
  }
  return bytes;
}
