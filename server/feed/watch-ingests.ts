import type { Metadata } from "../metadata/metadata.ts";
import type { Frame, IngestEvent } from "./events.ts";
import { compileIngestSelection } from "./ingest-selection.ts";
import { openLiveIngests } from "./live-ingests.ts";
import type { StreamOptions } from "./live-set.ts";
import { streamSet } from "./live-set.ts";
import type { RateMeter } from "./rate.ts";
import { openResumption } from "./resume.ts";
import type { Watch } from "./watch.ts";
import { minIntervalOf, resumeRequestOf } from "./watch.ts";

/**
 * The ingests of a selection as events: the set, then where they stand and how each ended.
 *
 * @param meter one for all watches of that metadata
 * @throws `invalid-argument` for an interval that is none; what compileIngestSelection and openResumption throw
 */
export function watchIngests(
  metadata: Pick<Metadata, "feed" | "ingests">,
  meter: RateMeter,
  watch: Watch,
  options: Omit<StreamOptions, "follow" | "resumption">,
): AsyncGenerator<IngestEvent | Frame, void, undefined> {
  const selection = compileIngestSelection(watch.selection, watch.namespace);
  const query = { selection, minIntervalMs: minIntervalOf(watch) };
  const chosen = ["ingests", watch.selection, selection.namespaces];
  const resumption = openResumption(metadata.feed, resumeRequestOf(watch, chosen));
  return streamSet((wake) => openLiveIngests(metadata, meter, query, options.timing, wake), {
    ...options,
    follow: watch.follow,
    // What came and went within the selection is in no log.
    ...(selection.lasting && { resumption }),
  });
}
