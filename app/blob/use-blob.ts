"use client";
import { useEffect, useMemo, useState } from "react";
import type { Digest } from "../../content/digest.ts";
import { isKind } from "../../content/errors.ts";
import type { Info } from "../../content/store.ts";
import type { BlobQuery } from "../_live/blobs.ts";
import { useLiveBlobs } from "../_live/hooks.ts";
import { contentOf, liveBlob } from "../_live/live.ts";

/** What is known of a blob in a namespace. */
export type BlobState =
  | { readonly kind: "loading" }
  | { readonly kind: "found"; readonly namespace: string; readonly info: Info }
  /** It went while the page looked. */
  | { readonly kind: "gone"; readonly namespace: string; readonly info: Info }
  | { readonly kind: "missing"; readonly namespace: string }
  | { readonly kind: "failed"; readonly error: unknown };

export interface BlobView {
  readonly state: BlobState;
  /** Every namespace that holds it, as far as is known; in order. */
  readonly holders: readonly string[];
}

/**
 * A blob: asked for once, so that it is there at once, and followed in every namespace.
 *
 * @param namespace empty: the first that holds it
 * @param tries another number: asked again
 */
export function useBlob(digest: Digest, namespace: string, tries: number): BlobView {
  const query = useMemo(
    (): BlobQuery => ({
      selection: { filters: [`digest==${digest}`], namespaces: ["*"] },
      orderBy: "namespace",
      limit: 1000,
      tries,
    }),
    [digest, tries],
  );
  const live = useLiveBlobs(liveBlob, query);
  const asked = useInfo(digest, namespace, query);
  const isTold = live.query === query;
  const rows = isTold ? live.rows : [];
  const holders = rows.filter(({ goneAt }) => goneAt === undefined).map(({ row }) => row.namespace);
  const row = namespace === "" ? rows[0] : rows.find((each) => each.row.namespace === namespace);
  if (row !== undefined) {
    const kind = row.goneAt === undefined ? "found" : "gone";
    return { holders, state: { kind, namespace: row.row.namespace, info: row.row.info } };
  }
  if (isTold && live.isComplete) return { holders, state: lastSeen(asked, namespace) };
  if (asked !== undefined) return { holders, state: asked };
  return { holders, state: live.error ? { kind: "failed", error: live.error } : { kind: "loading" } };
}

/** It is not there: it went, if it was there when the page asked. */
function lastSeen(asked: BlobState | undefined, namespace: string): BlobState {
  if (asked?.kind === "found") return { ...asked, kind: "gone" };
  return asked?.kind === "failed" ? asked : { kind: "missing", namespace };
}

function useInfo(digest: Digest, namespace: string, question: unknown): BlobState | undefined {
  const [answer, setAnswer] = useState<{
    readonly question: unknown;
    readonly namespace: string;
    readonly state: BlobState;
  }>();
  useEffect(() => {
    if (namespace === "") return;
    const end = new AbortController();
    contentOf(namespace)
      .info(digest, end.signal)
      .then((info): BlobState => ({ kind: "found", namespace, info }))
      .catch(
        (error: unknown): BlobState =>
          isKind(error, "not-found") ? { kind: "missing", namespace } : { kind: "failed", error },
      )
      .then((state) => end.signal.aborted || setAnswer({ question, namespace, state }));
    return () => end.abort();
  }, [digest, namespace, question]);
  const isOfThis = answer !== undefined && answer.question === question && answer.namespace === namespace;
  return isOfThis ? answer.state : undefined;
}
