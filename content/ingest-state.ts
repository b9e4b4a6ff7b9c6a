import { etaOf, meanRate, type Sample } from "./eta.ts";
import type { Ingest } from "./remote/events.ts";

/**
 * What a person sees of an ingest, the worst first:
 *
 * - `stalled`: a writer holds it, and no byte came for 30 s;
 * - `empty`: it has 0 bytes for 5 min, with a writer or without; it can block the next pull (containerd#3089);
 * - `crawling`: bytes come, but less than 64 KiB/s over 60 s, or so slowly that it would take over an hour more;
 * - `waiting`: a writer holds it, and no byte came for 5 s;
 * - `idle`: no byte came for 30 s, and the server does not say whether a writer holds it;
 * - `resumable`: nobody writes; its bytes are kept for who goes on;
 * - `active`: bytes come.
 */
export const ingestStates = ["stalled", "empty", "crawling", "waiting", "idle", "resumable", "active"] as const;

/** One of ingestStates. */
export type IngestState = (typeof ingestStates)[number];

/** When an ingest is in which state. */
export interface IngestThresholds {
  /** `waiting` after so many milliseconds without a byte. */
  readonly waitingMs: number;
  /** `stalled`, or `idle`, after so many; the server's own STALLED is 30 s. */
  readonly stalledMs: number;
  /** The time whose mean rate decides on `crawling`. */
  readonly crawlingWindowMs: number;
  /** `crawling` below this mean. */
  readonly crawlingBytesPerSecond: number;
  /** `crawling` when the rest would take longer. */
  readonly crawlingEtaMs: number;
  /** `empty` after so many milliseconds with 0 bytes. */
  readonly emptyMs: number;
}

/** The thresholds that hold where nobody set others. */
export const ingestThresholds: IngestThresholds = {
  waitingMs: 5000,
  stalledMs: 30_000,
  crawlingWindowMs: 60_000,
  crawlingBytesPerSecond: 64 * 1024,
  crawlingEtaMs: 60 * 60_000,
  emptyMs: 5 * 60_000,
};

/** An ingest as a person sees it at one moment. */
export interface IngestView {
  readonly state: IngestState;
  /** Milliseconds since the last byte, or since a writer took it when that was later. */
  readonly idleMs: number;
  /** Milliseconds until all bytes are there; absent when not known, and while no bytes come. */
  readonly etaMs?: number;
}

/** True for the states that somebody should look at. */
export function isTrouble(state: IngestState): boolean {
  return state === "stalled" || state === "empty" || state === "crawling";
}

/** For sorting: by state, the worst first, then the oldest, then by namespace and ref. */
export function compareIngests(
  a: { readonly ingest: Ingest; readonly view: IngestView },
  b: { readonly ingest: Ingest; readonly view: IngestView },
): number {
  return (
    ingestStates.indexOf(a.view.state) - ingestStates.indexOf(b.view.state) ||
    a.ingest.status.startedAt.getTime() - b.ingest.status.startedAt.getTime() ||
    compareTexts(a.ingest.namespace, b.ingest.namespace) ||
    compareTexts(a.ingest.status.ref, b.ingest.status.ref)
  );
}

/**
 * What a person sees of an ingest; the only place that decides it.
 *
 * @param samples addSample's, of this ingest; none: rate and time left are not known
 * @param now of the server's clock
 */
export function viewIngest(
  ingest: Ingest,
  samples: readonly Sample[],
  now: Date,
  thresholds: IngestThresholds = ingestThresholds,
): IngestView {
  const nowMs = now.getTime();
  const lockedMs = ingest.lockedAt?.getTime() ?? 0;
  const isSince = (samples[0]?.atMs ?? 0) >= lockedMs;
  const recent = isSince ? samples : samples.filter(({ atMs }) => atMs >= lockedMs);
  const idleMs = Math.max(0, nowMs - lastSignOfLife(ingest, recent));
  const moving = ingest.state !== "resumable" && ingest.state !== "stalled" && idleMs < thresholds.waitingMs;
  const etaMs = moving ? etaOf(recent, ingest.status.total) : undefined;
  const crawling = ingest.state !== "resumable" && isCrawling(ingest, recent, nowMs, etaMs, thresholds);
  const state = stateOf(ingest, idleMs, crawling, thresholds);
  return { state, idleMs, ...(etaMs !== undefined && { etaMs }) };
}

function stateOf(
  { state, status }: Ingest,
  idleMs: number,
  crawling: boolean,
  { waitingMs, stalledMs, emptyMs }: IngestThresholds,
): IngestState {
  if (status.offset === 0 && idleMs >= emptyMs) return "empty";
  if (state === "resumable") return "resumable";
  if (state === "stalled") return "stalled";
  if (idleMs >= stalledMs) return state === "unknown" ? "idle" : "stalled";
  if (crawling) return "crawling";
  return idleMs >= waitingMs ? "waiting" : "active";
}

/** When a byte last came, or a writer last took it, in milliseconds since 1970. */
function lastSignOfLife({ status, lockedAt }: Ingest, samples: readonly Sample[]): number {
  const moved = samples.findLast(({ offset }, index) => index > 0 && offset !== samples[index - 1]?.offset);
  return Math.max(
    status.startedAt.getTime(),
    status.updatedAt.getTime(),
    lockedAt?.getTime() ?? Number.NEGATIVE_INFINITY,
    moved?.atMs ?? Number.NEGATIVE_INFINITY,
  );
}

/** A server that sees only whether bytes came at all lets a trickle hang a pull for hours (containerd#11650). */
function isCrawling(
  { status }: Ingest,
  samples: readonly Sample[],
  nowMs: number,
  etaMs: number | undefined,
  { crawlingWindowMs, crawlingBytesPerSecond, crawlingEtaMs }: IngestThresholds,
): boolean {
  const complete = status.total > 0 && status.offset >= status.total;
  if (complete) return false;
  const mean = meanRate(samples, nowMs, crawlingWindowMs);
  return (mean !== undefined && mean < crawlingBytesPerSecond) || (etaMs !== undefined && etaMs > crawlingEtaMs);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
