"use client";
import { useEffect, useState } from "react";
import type { SetChanges } from "../../content/remote/changes-since.ts";
import { changesSince } from "../../content/remote/changes-since.ts";
import type { BlobQuery } from "../_live/blobs.ts";
import { serverTransport } from "../_live/link.ts";
import { Button } from "../_ui/button.tsx";
import { formatCount } from "../_ui/format.ts";
import { Bar } from "../_ui/states.tsx";
import { Ago } from "../_ui/time.tsx";
import type { SentView } from "./sent-view.ts";
import type { ArrivedView } from "./use-sent-view.ts";

interface SinceBarProps extends Pick<ArrivedView, "found" | "dismiss"> {
  readonly query: BlobQuery;
  readonly since: NonNullable<SentView["since"]>;
}

/** What a colleague's link shows is of another moment: what changed since it was made. */
export function SinceBar({ query, since, found, dismiss }: SinceBarProps) {
  const changes = useChanges(query, since);
  return (
    <Bar look="note" acts={<Button onClick={dismiss}>Dismiss</Button>}>
      This link was made <Ago at={since.at} />. {wordsOf(changes)}
      {found === "lost" && " The row that it was made at is not near its place any more."}
    </Bar>
  );
}

/** What is told of changes: not yet known, known, or not to be known. */
type Told = SetChanges | "asking" | "unknown";

function useChanges({ selection, orderBy }: BlobQuery, { at, token }: SinceBarProps["since"]): Told {
  const [told, setTold] = useState<Told>("asking");
  useEffect(() => {
    const end = new AbortController();
    if (token === "") setTold("unknown");
    else
      changesSince(serverTransport(), { selection, orderBy, token, since: at }, end.signal).then(
        (changes) => setTold(changes ?? "unknown"),
        () => end.signal.aborted || setTold("unknown"),
      );
    return () => end.abort();
  }, [selection, orderBy, at, token]);
  return told;
}

function wordsOf(told: Told): string {
  if (told === "asking") return "Asking what changed since…";
  if (told === "unknown") return "What changed since cannot be told: the server does not remember so far back.";
  const { added, changed, removed } = told;
  const parts = [
    added > 0 && `${formatCount(added)} came`,
    changed > 0 && `${formatCount(changed)} changed`,
    removed > 0 && `${formatCount(removed)} went`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? "Nothing changed since." : `Since then ${parts.join(", ")}.`;
}
