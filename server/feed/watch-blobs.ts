import { ContentError } from "../../content/errors.ts";
import { parseOrder } from "../../content/order.ts";
import type { Metadata } from "../metadata/metadata.ts";
import type { BlobEvent, Frame } from "./events.ts";
import { openLiveBlobs } from "./live-blobs.ts";
import type { StreamOptions } from "./live-set.ts";
import { streamSet } from "./live-set.ts";
import { compileSelection } from "./selection.ts";
import type { Watch } from "./watch.ts";
import { minIntervalOf } from "./watch.ts";

/** Which blobs are watched. */
export interface BlobWatch extends Watch {
  /** As `size desc, digest` (AIP-132); empty: digest. */
  readonly orderBy: string;
  /** A window of so many first rows, 1,000 at most; 0: the whole set. */
  readonly limit: number;
}

/** Rows of a window, at most. */
const maxLimit = 1000;

/**
 * The blobs of a selection as events: the set, then what happens to it.
 *
 * @throws `invalid-argument` for an order, a limit or an interval that is none; what compileSelection throws
 */
export function watchBlobs(
  metadata: Pick<Metadata, "feed" | "snapshot">,
  watch: BlobWatch,
  options: Omit<StreamOptions, "follow">,
): AsyncGenerator<BlobEvent | Frame, void, undefined> {
  const { limit, follow, orderBy } = watch;
  if (limit < 0 || limit > maxLimit) {
    throw new ContentError("invalid-argument", `limit ${limit} is not between 0 and ${maxLimit}`);
  }
  const query = {
    selection: compileSelection(watch.selection, watch.namespace),
    order: parseOrder(orderBy),
    limit,
    minIntervalMs: minIntervalOf(watch),
  };
  return streamSet((wake, signal) => openLiveBlobs(metadata, query, options.timing, wake, signal), {
    ...options,
    follow,
  });
}
