import type { BeginEvent, BookmarkEvent, ConnectionEvent } from "../../content/remote/events.ts";
import type { Heard } from "./hub-messages.ts";
import type { HeldEvent } from "./live-event.ts";
import { createStore } from "./store.ts";

/** What tells of the stream itself. */
export type StreamEvent = ((BeginEvent | BookmarkEvent | ConnectionEvent) & Heard) | HeldEvent;

/** Where one stream stands. */
export interface StreamState {
  /** What it brings, for people. */
  readonly name: string;
  readonly state: ConnectionEvent["state"];
  readonly attempt: number;
  readonly retryAt?: Date;
  readonly reason?: string;
  /** Absent until the first answer. */
  readonly source?: BeginEvent["source"];
  readonly heartbeatMs?: number;
  /** When the server was last heard, by this machine's clock. */
  readonly heardAt?: Date;
  /** Since when it is not live, in milliseconds since 1970; absent while it is. */
  readonly lostAt?: number;
}

const store = createStore<readonly StreamState[]>([]);

/** The streams that are open now. */
export const streamsStore = store;

/** What a stream told of itself. */
export function reportStream(name: string, event: StreamEvent): void {
  const before = store.get().find((stream) => stream.name === name) ?? { name, state: "connecting", attempt: 0 };
  const after = streamAfter(before, event, event.heardAt ?? new Date());
  store.set([...store.get().filter((stream) => stream.name !== name), after].sort(byName));
}

/** A stream that nobody looks at any longer. */
export function forgetStream(name: string): void {
  store.set(store.get().filter((stream) => stream.name !== name));
}

function byName(a: StreamState, b: StreamState): number {
  return a.name.localeCompare(b.name);
}

/** A stream's state after an event. @param at when that was */
export function streamAfter(before: StreamState, event: StreamEvent, at: Date): StreamState {
  const { name, source, heartbeatMs, heardAt } = before;
  if (event.kind === "begin") return { ...before, source: event.source, heartbeatMs: event.heartbeatMs, heardAt: at };
  if (event.kind === "bookmark" || event.kind === "held") return { ...before, heardAt: at };
  const { state, attempt, retryAt, reason } = event;
  return {
    name,
    state,
    attempt,
    ...(retryAt && { retryAt }),
    ...(reason !== undefined && { reason }),
    ...(source && { source }),
    ...(heartbeatMs !== undefined && { heartbeatMs }),
    ...(heardAt && { heardAt }),
    ...(state !== "live" && { lostAt: before.lostAt ?? at.getTime() }),
  };
}

/** What a person is told of the connection. */
export interface ConnectionView {
  readonly state: "live" | "connecting" | "stale" | "offline";
  /** `live`: how often the server is asked, in milliseconds, where it has no streams. */
  readonly polledMs?: number;
  /** `stale` and `offline`: when the server was last heard. */
  readonly heardAt?: Date;
  /** When the next try comes; absent while one is under way. */
  readonly retryAt?: Date;
  readonly attempt: number;
  /** How long the connection is lost, in milliseconds; 0 while it is not. */
  readonly lostMs: number;
}

/** A loss that is shorter than this is not shown. */
const shownLossMs = 3_000;

/** All streams in one word: the worst of them. */
export function viewConnection(streams: readonly StreamState[], nowMs: number, isOnline: boolean): ConnectionView {
  const lost = streams.filter(({ lostAt }) => lostAt !== undefined);
  const lostMs = Math.max(0, ...lost.map(({ lostAt }) => nowMs - (lostAt ?? nowMs)));
  const attempt = Math.max(0, ...streams.map((stream) => stream.attempt));
  const heardAt = latest(streams.map((stream) => stream.heardAt));
  const retryAt = latest(lost.map((stream) => stream.retryAt));
  const facts = { attempt, lostMs, ...(heardAt && { heardAt }), ...(retryAt && { retryAt }) };
  if (!isOnline && lost.length > 0) return { state: "offline", ...facts };
  if (heardAt === undefined) return { state: "connecting", ...facts };
  if (lostMs >= shownLossMs) return { state: "stale", ...facts };
  const polled = streams.filter(({ source }) => source === "polled").map(({ heartbeatMs }) => heartbeatMs ?? 0);
  return { state: "live", ...facts, ...(polled.length > 0 && { polledMs: Math.min(...polled) }) };
}

function latest(dates: readonly (Date | undefined)[]): Date | undefined {
  return dates.reduce((a, b) => (a === undefined || (b !== undefined && b > a) ? b : a), undefined);
}
