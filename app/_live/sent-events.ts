import { microsOf, toMoment } from "../../content/instant.ts";
import type { Blob } from "../../content/remote/events.ts";
import type { ToldEvent } from "./live-event.ts";

/** A blob as it goes from one script to another: what is copied there keeps only the milliseconds of a moment. */
type SentBlob = Omit<Blob, "info"> & {
  readonly info: Omit<Blob["info"], "createdAt" | "updatedAt"> & {
    /** Microseconds since 1970. */
    readonly createdAt: number;
    readonly updatedAt: number;
  };
};

/** An event as it goes from one script to another. */
export type SentEvent =
  | Exclude<ToldEvent, { readonly kind: "blobs" }>
  | { readonly kind: "blobs"; readonly blobs: readonly SentBlob[] };

/** The order of blobs is that of their microseconds, in the server's pages and here. */
export function toSent(event: ToldEvent): SentEvent {
  if (event.kind !== "blobs") return event;
  const blobs = event.blobs.map(({ info, ...blob }) => {
    return { ...blob, info: { ...info, createdAt: microsOf(info.createdAt), updatedAt: microsOf(info.updatedAt) } };
  });
  return { kind: "blobs", blobs };
}

/** The event that was sent. */
export function fromSent(event: SentEvent): ToldEvent {
  if (event.kind !== "blobs") return event;
  const blobs = event.blobs.map(({ info, ...blob }) => {
    return { ...blob, info: { ...info, createdAt: toMoment(info.createdAt), updatedAt: toMoment(info.updatedAt) } };
  });
  return { kind: "blobs", blobs };
}
