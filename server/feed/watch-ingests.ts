import type { Metadata } from "../metadata/metadata.ts";
import type { Frame, IngestEvent } from "./events.ts";
import { openLiveIngests } from "./live-ingests.ts";
import type { StreamOptions } from "./live-set.ts";
import { streamSet } from "./live-set.ts";
import type { RateMeter } from "./rate.ts";
import { compileSelection } from "./selection.ts";
import type { Watch } from "./watch.ts";
import { minIntervalOf } from "./watch.ts";

/**
 * The ingests of a selection as events: the set, then where they stand and how each ended.
 *
 * @param meter one for all watches of that metadata
 * @throws `invalid-argument` for an interval that is none; what compileSelection throws
 */
export function watchIngests(
  metadata: Pick<Metadata, "feed" | "ingests">,
  meter: RateMeter,
  watch: Watch,
  options: Omit<StreamOptions, "follow">,
): AsyncGenerator<IngestEvent | Frame, void, undefined> {
  const query = { selection: compileSelection(watch.selection, watch.namespace), minIntervalMs: minIntervalOf(watch) };
  return streamSet((wake) => openLiveIngests(metadata, meter, query, options.timing, wake), {
    ...options,
    follow: watch.follow,
  });
}
