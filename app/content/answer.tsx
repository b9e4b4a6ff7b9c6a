"use client";
import type { BlobsView } from "../_live/blobs.ts";
import { useConnection } from "../_live/hooks.ts";
import { formatBytes, formatCount, formatCounted, formatTimeOfDay, unknown } from "../_ui/format.ts";
import type { SortKey } from "../_ui/list/column.ts";

interface AnswerProps {
  readonly view: BlobsView;
  readonly hasQuery: boolean;
  /** Every row can be reached; false: the first ones are all that there is to see. */
  readonly isWhole: boolean;
}

/** How much is stored, and how much of it is shown; each number is the server's. */
export function Answer({ view, hasQuery, isWhole }: AnswerProps) {
  const connection = useConnection();
  const { totals, asOf } = view;
  if (totals === undefined) return <span>{unknown} blobs</span>;
  const isStale = connection.state === "stale" || connection.state === "offline";
  return (
    <>
      <span>
        <Counts view={view} hasQuery={hasQuery} isWhole={isWhole} />
      </span>
      <span>
        <b>{formatBytes(totals.bytes)}</b>
        {hasQuery && ` of ${formatBytes(totals.wholeBytes)}`}
      </span>
      {isStale && asOf && <span>as of {formatTimeOfDay(asOf)}</span>}
    </>
  );
}

function Counts({ view: { rows, totals }, hasQuery, isWhole }: AnswerProps) {
  if (totals === undefined) return null;
  const { count, wholeCount } = totals;
  const shown = rows.filter(({ goneAt }) => goneAt === undefined).length;
  const isWindow = !isWhole && shown > 0 && shown < count;
  if (hasQuery) {
    return (
      <>
        <b>{formatCount(count)}</b> of {formatCounted(wholeCount, "blob")}
      </>
    );
  }
  return isWindow ? (
    <>
      <b>{formatCount(shown)}</b> of {formatCounted(count, "blob")}
    </>
  ) : (
    <>
      <b>{formatCount(count)}</b> {count === 1 ? "blob" : "blobs"}
    </>
  );
}

const orderWords: Readonly<Record<string, readonly [ascending: string, descending: string]>> = {
  digest: ["by digest", "by digest, last first"],
  ns: ["by namespace", "by namespace, last first"],
  size: ["smallest first", "largest first"],
  created: ["oldest first", "newest first"],
  updated: ["longest unchanged first", "last changed first"],
};

interface FooterProps {
  readonly view: BlobsView;
  readonly sort: readonly SortKey[];
  readonly isWhole: boolean;
}

/** What the rows are: in which order, and whether they are all that match. */
export function Footer({ view, sort, isWhole }: FooterProps) {
  const count = view.totals?.count;
  const order = sort.map(({ id, isDescending }) => orderWords[id]?.[isDescending ? 1 : 0] ?? "").join(", then ");
  return (
    <>
      <span className="faint">·</span>
      <span className="cut">{order}</span>
      <span className="faint">·</span>
      {view.isComplete ? (
        <span>{isWhole || count === undefined ? "complete" : `the first of ${formatCount(count)}`}</span>
      ) : (
        <span>loading</span>
      )}
    </>
  );
}
