import type { Ingest } from "../../content/remote/events.ts";
import { formatBytes, formatCount, formatCounted } from "../_ui/format.ts";
import { visibleText } from "../_ui/visible-text.ts";
import { bytesOfIngests } from "./chosen-ingests.ts";

/** Holders that are named. */
const named = 3;

/** What an abort of some ingests discards, and what it does to who writes. */
export function Consequences({ ingests }: { readonly ingests: readonly Ingest[] }) {
  const only = ingests.length === 1;
  const written = ingests.filter(({ state }) => state === "writing" || state === "stalled");
  const free = ingests.filter(({ state }) => state === "resumable").length;
  const unsaid = ingests.length - written.length - free;
  return (
    <>
      Discards <b>{formatBytes(bytesOfIngests(ingests))}</b>.{" "}
      {written.length > 0 && (
        <>
          {only ? "Its writer" : formatCounted(written.length, "writer")} ({holdersOf(written)}){" "}
          {written.length === 1 ? "gets" : "get"} <b>aborted</b> and will probably retry.{" "}
        </>
      )}
      {free > 0 &&
        (only
          ? "Nobody writes to it now; who comes back begins anew. "
          : `Nobody writes to ${formatCount(free)} of them now; who comes back begins anew. `)}
      {unsaid > 0 &&
        `The server does not say whether a writer holds ${only ? "it" : `${formatCount(unsaid)} of them`}.`}
    </>
  );
}

function holdersOf(ingests: readonly Ingest[]): string {
  const counts = new Map<string, number>();
  for (const { holder } of ingests) counts.set(holder, (counts.get(holder) ?? 0) + 1);
  const words = [...counts].map(([holder, count]) => {
    const name = holder === "" ? "not known" : visibleText(holder).replaceAll(" · ", ", ");
    return count === 1 || ingests.length === count ? name : `${formatCount(count)} by ${name}`;
  });
  const more = words.length - named;
  return `${words.slice(0, named).join("; ")}${more > 0 ? `; and ${formatCount(more)} more` : ""}`;
}
