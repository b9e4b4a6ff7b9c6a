import type { Metadata } from "../metadata/metadata.ts";
import type { Frame, IngestEvent } from "./events.ts";
import { openLiveIngests } from "./live-ingests.ts";
import type { StreamOptions } from "./live-set.ts";
import { streamSet } from "./live-set.ts";
import type { RateMeter } from "./rate.ts";
import { openResumption } from "./resume.ts";
import { compileSelection } from "./selection.ts";
import type { Watch } from "./watch.ts";
import { minIntervalOf, resumeRequestOf } from "./watch.ts";

/**
 * The ingests of a selection as events: the set, then where they stand and how each ended.
 *
 * @param meter one for all watches of that metadata
 * @throws `invalid-argument` for an interval that is none; what compileSelection and openResumption throw
 */
export function watchIngests(
  metadata: Pick<Metadata, "feed" | "ingests">,
  meter: RateMeter,
  watch: Watch,
  options: Omit<StreamOptions, "follow" | "resumption">,
): AsyncGenerator<IngestEvent | Frame, void, undefined> {
  const selection = compileSelection(watch.selection, watch.namespace, "ingests");
  const query = { selection, minIntervalMs: minIntervalOf(watch) };
  const chosen = ["ingests", watch.selection, selection.namespaces];
  return streamSet((wake) => openLiveIngests(metadata, meter, query, options.timing, wake), {
    ...options,
    follow: watch.follow,
    resumption: openResumption(metadata.feed, resumeRequestOf(watch, chosen)),
  });
}
