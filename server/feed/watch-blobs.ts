import { ContentError } from "../../content/errors.ts";
import { parseOrder } from "../../content/order.ts";
import { parseQuery } from "../../content/query.ts";
import type { Selection } from "../../content/remote/events.ts";
import type { Metadata } from "../metadata/metadata.ts";
import type { BlobEvent, Frame } from "./events.ts";
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
  /** A window of so many first rows, 1,000 at most; 0: the whole set. */
  readonly limit: number;
}

/** Rows of a window, at most. */
const maxLimit = 1000;

/**
 * The blobs of a selection as events: the set, then what happens to it.
 *
 * @throws `invalid-argument` for an order, a limit or an interval that is none; what compileSelection and
 * openResumption throw
 */
export function watchBlobs(
  metadata: Pick<Metadata, "feed" | "snapshot">,
  watch: BlobWatch,
  options: Omit<StreamOptions, "follow" | "resumption">,
): AsyncGenerator<BlobEvent | Frame, void, undefined> {
  const { limit, follow, orderBy } = watch;
  if (limit < 0 || limit > maxLimit) {
    throw new ContentError("invalid-argument", `limit ${limit} is not between 0 and ${maxLimit}`);
  }
  const selection = compileSelection(watch.selection, watch.namespace);
  const query = {
    selection,
    order: parseOrder(orderBy),
    limit,
    minIntervalMs: minIntervalOf(watch),
  };
  const chosen = ["blobs", watch.selection, selection.namespaces, query.order, limit];
  const resumption = openResumption(metadata.feed, resumeRequestOf(watch, chosen));
  return streamSet((wake, signal) => openLiveBlobs(metadata, query, options.timing, wake, signal), {
    ...options,
    follow,
    ...(!goesByTime(watch.selection) && { resumption }),
  });
}

/** True for a query with ages: its rows come and go with the moment that it is asked at, and no log tells of that. */
function goesByTime({ query = "" }: Selection): boolean {
  if (query === "") return false;
  return parseQuery(query, "blobs").terms.some(({ condition: { field } }) => field === "age" || field === "updated");
}
