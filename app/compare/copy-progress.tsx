"use client";
import { Check, TriangleAlert, X } from "lucide-react";
import Link from "next/link";
import { etaOf, rateOf } from "../../content/eta.ts";
import { storeHref } from "../_live/here.ts";
import { Button } from "../_ui/button.tsx";
import { DigestText } from "../_ui/digest-text.tsx";
import { formatBytes, formatCount, formatCounted, formatDuration, formatMoment, formatRate } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import styles from "./compare.module.css";
import type { CopyView } from "./copies.ts";
import { bytesThere, cancelCopy, forgetCopy, isCopying } from "./copies.ts";

/** How far a copy is, what could not be copied, and how it ended. */
export function CopyProgress({ view }: { readonly view: CopyView }) {
  const { target, progress, problem, isCut = false } = view;
  const isOver = !isCopying(view);
  const isEnding = !isOver && view.isEnding === true;
  const failed = progress?.failed.blobs ?? 0;
  const isGood = isOver && problem === undefined && failed === 0;
  return (
    <section className={styles.copy} aria-label="Copy">
      <div className={styles.copyHead}>
        {isOver && <Icon of={isGood ? Check : TriangleAlert} className={isGood ? "ok" : "warn"} />}
        <b role={isOver ? "status" : undefined}>{isOver ? wordsOfEnd(view) : `Copying to ${visibleText(target)}`}</b>
        <Button isSmall icon={X} aria-disabled={isEnding} onClick={isOver ? forgetCopy : cancelCopy}>
          {isOver ? "Dismiss" : isEnding ? "Cancelling" : "Cancel"}
        </Button>
      </div>
      {!isOver && <Bar view={view} />}
      {!isOver && isCut && (
        <p className="muted" role="status">
          The server does not answer, and is asked again. It goes on copying, as far as is known.
        </p>
      )}
      {problem !== undefined && <p className={styles.problem}>{problem}</p>}
      {isOver && <HeldBy view={view} />}
      {failed > 0 && <Failures view={view} />}
    </section>
  );
}

function Bar({ view: { progress, samples } }: { readonly view: CopyView }) {
  if (progress === undefined) return <progress aria-label="Copied" />;
  const { wanted, copied, present, failed, target } = progress;
  const there = bytesThere(progress);
  const done = copied.blobs + present.blobs + failed.blobs;
  const rate = rateOf(samples);
  const leftMs = etaOf(samples, wanted.bytes - present.bytes);
  return (
    <>
      <progress aria-label="Copied" value={there} max={Math.max(1, wanted.bytes)} />
      <p className="muted">
        {formatCount(done)} of {formatCounted(wanted.blobs, "blob")} · {formatBytes(there)} of{" "}
        {formatBytes(wanted.bytes)}
        {rate !== undefined && ` · ${formatRate(rate)}`}
        {leftMs !== undefined && leftMs > 0 && ` · ≈ ${formatDuration(leftMs)}`} ·{" "}
        <Link
          className={styles.ingests}
          href={storeHref(`/ingests?ns=${encodeURIComponent(target.namespace)}`, target.store)}
        >
          its ingests
        </Link>
      </p>
    </>
  );
}

function wordsOfEnd({ target, progress, problem }: CopyView): string {
  const { copied, present, failed, images, failedImages } = progress ?? {};
  const amounts = [
    copied && `${formatCounted(copied.blobs, "blob")} (${formatBytes(copied.bytes)}) copied to ${visibleText(target)}`,
    present && present.blobs > 0 && `${formatCount(present.blobs)} were there (${formatBytes(present.bytes)})`,
    failed && failed.blobs > 0 && `${formatCount(failed.blobs)} failed (${formatBytes(failed.bytes)})`,
    images !== undefined && images > 0 && `${formatCounted(images, "name")} made`,
    failedImages !== undefined && failedImages > 0 && `${formatCounted(failedImages, "name")} could not be made`,
  ].filter((words) => words !== undefined && words !== false);
  if (amounts.length > 0) return amounts.join(" · ");
  return problem === undefined ? "" : `Nothing was copied to ${visibleText(target)}`;
}

function HeldBy({ view: { progress } }: { readonly view: CopyView }) {
  const lease = progress?.lease;
  if (lease === undefined) return null;
  return (
    <p className="muted">
      Held by lease <code>{visibleText(lease.id)}</code> until {formatMoment(lease.expiresAt)}
    </p>
  );
}

function Failures({ view: { failures, progress } }: { readonly view: CopyView }) {
  const more = (progress?.failed.blobs ?? 0) - failures.length;
  return (
    <ul className={styles.failures} aria-label="Blobs that could not be copied" tabIndex={0}>
      {failures.map(({ digest, size, reason }) => (
        <li key={digest}>
          <DigestText digest={digest} /> <span className="muted">{formatBytes(size)}</span> {visibleText(reason)}
        </li>
      ))}
      {more > 0 && <li className="muted">and {formatCounted(more, "blob")} more</li>}
    </ul>
  );
}
