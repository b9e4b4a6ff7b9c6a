import { ContentError } from "../../content/errors.ts";
import type { OrderKey } from "../../content/order.ts";
import { parseOrder } from "../../content/order.ts";
import type { Selection } from "../../content/remote/events.ts";
import { parseRowKey } from "../../content/row-key.ts";
import type { Metadata } from "../metadata/metadata.ts";
import type { Namespaces } from "../metadata/set.ts";
import type { BlobEvent, Frame } from "./events.ts";
import type { Feed } from "./feed.ts";
import { openLiveBlobs } from "./live-blobs.ts";
import type { StreamOptions } from "./live-set.ts";
import { streamSet } from "./live-set.ts";
import { openResumption } from "./resume.ts";
import { compileSelection } from "./selection.ts";
import type { Watch } from "./watch.ts";
import { minIntervalOf, resumeRequestOf } from "./watch.ts";

/** Which blobs are watched. */
export interface BlobWatch extends Watch {
  /** As `size desc, digest` (AIP-132); empty: digest. */
  readonly orderBy: string;
  /** A window of so many rows, 1,000 at most; 0: the whole set. */
  readonly limit: number;
  /** The key of a window's first row (content/row-key.ts); absent or empty: the first of all. */
  readonly startAt?: string;
  /** True: the reader takes rows as bytes; absent: it does not. */
  readonly encoded?: boolean;
}

/** Rows of a window, at most. */
const maxLimit = 1000;

/**
 * The blobs of a selection as events: the set, then what happens to it.
 *
 * @throws `invalid-argument` for an order, a limit, a start or an interval that is none, and a start without a limit; what
 * compileSelection and openResumption throw
 */
export function watchBlobs(
  metadata: Pick<Metadata, "feed" | "snapshot" | "scan" | "count">,
  watch: BlobWatch,
  options: Omit<StreamOptions, "follow" | "resumption">,
): AsyncGenerator<BlobEvent | Frame, void, undefined> {
  const { limit, follow, orderBy, startAt = "", encoded = false } = watch;
  if (limit < 0 || limit > maxLimit) {
    throw new ContentError("invalid-argument", `limit ${limit} is not between 0 and ${maxLimit}`);
  }
  if (startAt !== "" && limit === 0) {
    throw new ContentError("invalid-argument", "start_at without a limit: only a window begins at a row");
  }
  const selection = compileSelection(watch.selection, watch.namespace);
  const order = parseOrder(orderBy);
  const query = {
    selection,
    order,
    limit,
    ...(startAt !== "" && { start: parseRowKey(order, startAt) }),
    minIntervalMs: minIntervalOf(watch),
    encoded,
  };
  const chosen = chosenBlobs(watch.selection, selection.namespaces, order, limit, startAt);
  const resumption = openResumption(metadata.feed, resumeRequestOf(watch, chosen));
  return streamSet((wake, signal) => openLiveBlobs(metadata, query, options.timing, wake, signal), {
    ...options,
    follow,
    // Its rows come and go with the moment that it is asked at, and no log tells of that.
    ...(selection.lasting && { resumption }),
  });
}

/** Everything that chooses the rows of a stream of blobs, as its resume tokens know it. */
function chosenBlobs(
  selection: Selection,
  namespaces: Namespaces,
  order: readonly OrderKey[],
  limit: number,
  startAt: string,
): unknown {
  return ["blobs", selection, namespaces, order, limit, startAt];
}

/**
 * The resume token of the whole set for a reader that knows of every change up to a number; absent where no stream of
 * the set can be resumed.
 */
export function blobsToken(
  feed: Pick<Feed, "boot" | "sequence">,
  { selection, namespace, orderBy, identity = "" }: Pick<BlobWatch, "selection" | "namespace" | "orderBy" | "identity">,
  sequence: number,
): string | undefined {
  const { namespaces, lasting } = compileSelection(selection, namespace);
  const chosen = chosenBlobs(selection, namespaces, parseOrder(orderBy), 0, "");
  return lasting ? openResumption(feed, { chosen, identity, token: "" }).tokenAt(sequence) : undefined;
}
